/** Form fields for an operation's parameters, from their JSON Schema. */

/** One labelled field for each parameter. */
export function paramFields({ properties = {} }) {
  return Object.entries(properties).map(([name, schema]) => paramField(name, schema));
}

/** The parameters as they are in the fields; what was left at its default is left out. */
export function readParams(container) {
  const params = {};
  for (const input of container.querySelectorAll('[name]')) {
    const value = input.type === 'checkbox' ? input.checked : parse(input.value);
    if (value !== '' && text(value) !== input.dataset.default) params[input.name] = value;
  }
  return params;
}

function paramField(name, schema) {
  const label = document.createElement('label');
  label.className = 'field';
  const input = inputFor(schema);
  input.name = name;
  input.dataset.default = text(schema.default);
  const title =
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) + (schema.unit ? ` (${schema.unit})` : '');
  const hint = document.createElement('small');
  hint.textContent = schema.description ?? '';
  if (input.type === 'checkbox') {
    label.classList.add('check');
    label.append(input, title, hint);
  } else {
    label.append(title, input, hint);
  }
  return label;
}

function inputFor(schema) {
  if (schema.enum) return selectOf(schema.enum, schema.default);
  const input = document.createElement('input');
  if (schema.type === 'boolean') {
    input.type = 'checkbox';
    input.checked = schema.default;
    return input;
  }
  if (schema.type === 'number' || schema.type === 'integer') {
    input.type = 'number';
    input.min = schema.minimum;
    input.max = schema.maximum;
    input.step = schema.type === 'integer' ? '1' : 'any';
  }
  input.value = text(schema.default ?? '');
  return input;
}

function selectOf(values, chosen) {
  const select = document.createElement('select');
  select.append(...values.map((value) => new Option(value, value, value === chosen, value === chosen)));
  return select;
}

/** A parameter as it stands in a field: lists are JSON. */
function text(value) {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** A number or a list where the text is one; a choice of numbers arrives as text. */
function parse(written) {
  if (written.trim() !== '' && Number.isFinite(Number(written))) return Number(written);
  try {
    const value = JSON.parse(written);
    return Array.isArray(value) ? value : written;
  } catch {
    return written;
  }
}
