/** The page: an image goes to the API, and the task is watched until its end. */
import { paramFields, readParams } from './params.js';

const $ = (id) => document.getElementById(id);
let operations = [];
/** Only the latest task is shown. */
let shown = 0;

async function load() {
  ({ operations } = await api('/api/operations'));
  $('operation').replaceChildren(
    ...Map.groupBy(operations, ({ group }) => group)
      .entries()
      .map(optionGroup),
  );
  showOperation();
}

function optionGroup([group, members]) {
  const element = document.createElement('optgroup');
  element.label = group[0].toUpperCase() + group.slice(1);
  element.append(...members.map(({ name, title }) => new Option(title, name)));
  return element;
}

/** Calls the API; a refusal is an error with the problem's own words. */
async function api(path, init) {
  const response = await fetch(path, init);
  const body = await response.json();
  if (!response.ok)
    throw new Error(body.detail ? `${body.title}. ${body.detail}` : `The server answered ${response.status}.`);
  return body;
}

function chosen() {
  return operations.find(({ name }) => name === $('operation').value);
}

function showOperation() {
  const { summary, inputs, params } = chosen();
  $('summary').textContent = summary;
  $('params').replaceChildren(...paramFields(params));
  const compares = inputs.length === 2;
  $('reference-drop').hidden = !compares;
  $('reference').required = compares;
}

/** A file input that shows what was chosen and takes what is dropped on it. */
function setUpDrop(drop) {
  const input = drop.querySelector('input');
  const thumbnail = drop.querySelector('.thumbnail');
  const text = drop.querySelector('.drop-text');
  thumbnail.addEventListener('error', () => {
    // A browser shows no TIFF; its name will do.
    thumbnail.hidden = true;
    text.hidden = false;
    text.textContent = input.files[0]?.name ?? '';
  });
  input.addEventListener('change', () => {
    const [file] = input.files;
    URL.revokeObjectURL(thumbnail.src);
    thumbnail.hidden = !file;
    text.hidden = Boolean(file);
    if (file) {
      thumbnail.src = URL.createObjectURL(file);
      thumbnail.alt = file.name;
    }
  });
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    drop.addEventListener(type, () => drop.classList.toggle('over', type === 'dragenter' || type === 'dragover'));
  }
}

async function submit() {
  const form = new FormData();
  form.append('operation', chosen().name);
  form.append('params', JSON.stringify(readParams($('params'))));
  form.append('image', $('image').files[0]);
  if (chosen().inputs.length === 2) form.append('reference', $('reference').files[0]);
  const turn = ++shown;
  const task = await api('/api/tasks', { method: 'POST', body: form });
  await watch(task, turn);
}

/** Follows the task from state to state. */
async function watch(task, turn) {
  showTask(task);
  let etag = '';
  while (!task.finishedAt) {
    const response = await fetch(`${task.links.self}?wait=20`, { headers: { 'If-None-Match': etag || '"none"' } });
    if (turn !== shown) return;
    if (response.status === 304) continue;
    if (!response.ok) throw new Error(`The task cannot be read: the server answered ${response.status}.`);
    etag = response.headers.get('ETag');
    task = await response.json();
    showTask(task);
  }
}

function showTask({ state, attempts, error, result, measurements, timings }) {
  $('empty').hidden = true;
  $('state').hidden = false;
  $('state').dataset.state = state;
  $('state').textContent = state === 'Queued' && attempts > 0 ? 'Queued, to be tried again' : state;
  $('message').textContent = state === 'Failed' ? `${error.title}. ${error.detail}` : '';
  $('result').hidden = !result;
  $('measurements').hidden = measurements.length === 0;
  if (!result) return;
  $('result-image').src = result.href;
  $('result-image').width = result.width;
  $('result-image').height = result.height;
  $('download').href = `${result.href}?download=1`;
  const kilobytes = Math.max(1, Math.round(result.bytes / 1000));
  $('times').textContent =
    `${result.width} × ${result.height}, ${kilobytes} kB, processed in ${Math.round(timings.processMs)} ms`;
  showMeasurements(measurements);
}

function showMeasurements(measurements) {
  const numbers = measurements
    .flatMap((values) => Object.entries(values))
    .map(([name, value]) => [words(name), plain(value)]);
  $('values').replaceChildren(
    ...numbers
      .filter(([, value]) => value !== null)
      .flatMap(([name, value]) => [element('dt', name), element('dd', value)]),
  );
  $('raw').textContent = JSON.stringify(measurements, null, 2);
}

/** A number as it is, the length of a list of things; null for what has no single number. */
function plain(value) {
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 4 });
  const isList = Array.isArray(value) && !Array.isArray(value[0]) && !('x' in (value[0] ?? {}));
  return isList ? String(value.length) : null;
}

function words(name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

for (const drop of document.querySelectorAll('.drop')) setUpDrop(drop);
$('operation').addEventListener('change', showOperation);
$('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('message').textContent = '';
  $('submit').disabled = true;
  try {
    await submit();
  } catch (error) {
    $('message').textContent = error.message;
  } finally {
    $('submit').disabled = false;
  }
});
load().catch((error) => {
  $('message').textContent = `The service does not answer: ${error.message}`;
});
