import { apiBase } from '../api/base.ts';
import { key } from '../api/client.ts';
import { jobHref, route } from '../router.ts';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { bytesInWords, counted } from '../ui/words.ts';
import { curlFor } from './curl.ts';
import { estimateLine } from './estimate.ts';
import { accepted, earlier, imageCount, images, reference } from './images.ts';
import { isAsked, problem, wordsOf } from './preview-panel.tsx';
import { needsReference, output, referenceAsked, steps, wantedSteps } from './state.ts';
import { jobName, sending, submit, sum } from './submit.ts';

export function SubmitPanel() {
  const now = sending.value;
  return (
    <div class="submit">
      {accepted.value.length > 1 && !now && (
        <label class="field">
          Name of the job
          <input
            value={jobName.value}
            maxLength={200}
            placeholder={counted(accepted.value.length, 'image')}
            onInput={(event) => (jobName.value = event.currentTarget.value)}
          />
        </label>
      )}
      {now ? <Progress /> : <Start />}
    </div>
  );
}

function Start() {
  const missing = whatIsMissing();
  const start = () =>
    tell(async () => {
      try {
        const id = await submit();
        // Whoever has gone elsewhere meanwhile is not taken away from there.
        if (route.value.view === 'compose') location.hash = jobHref(id);
        else say('The images are sent.', { href: jobHref(id), text: 'See the results' });
      } catch (error) {
        // The browser's own, and the storage client's.
        if (!(error instanceof Error && error.name === 'AbortError')) throw error;
        say('Stopped. Nothing was submitted.');
      }
    });
  const copy = () =>
    tell(async () => {
      const [first = 'image.jpg', ...others] = accepted.value.map(({ file }) => file.name);
      const compared = needsReference.value ? (reference.value?.path ?? 'reference.jpg') : null;
      const work = { steps: wantedSteps.value, output: output.value };
      await navigator.clipboard.writeText(curlFor(apiBase, [first, ...others], compared, work, key.value !== ''));
      say(
        others.length > 0
          ? 'A loop over the images is on the clipboard: run it in their folder.'
          : accepted.value.length > 0
            ? 'The request is on the clipboard.'
            : 'The request is on the clipboard: put the name of an image in place of image.jpg.',
      );
    });
  return (
    <>
      <button type="button" class="primary large" disabled={missing !== null} onClick={start}>
        {imageCount.value > 1
          ? `Process ${counted(imageCount.value, 'image')}`
          : earlier.value
            ? 'Process again'
            : 'Process'}
      </button>
      <div class="row between">
        <span class="hint">{missing ?? estimateLine.value ?? ''}</span>
        <button
          type="button"
          class="quiet desk-only"
          onClick={copy}
          disabled={steps.value.length === 0 || problem.value !== null}
        >
          <Icon name="copy" /> Copy as curl
        </button>
      </div>
    </>
  );
}

/** In words, what stands between here and sending; null where nothing does. */
function whatIsMissing(): string | null {
  if (images.value.length === 0) return 'Choose an image first.';
  if (accepted.value.length === 0) return 'None of the files can be sent.';
  if (steps.value.length === 0) return 'Add a step first.';
  if (needsReference.value && !reference.value) return referenceAsked.value;
  if (needsReference.value && reference.value?.refusal) return 'The second image cannot be sent.';
  const wrong = problem.value;
  if (wrong?.type.endsWith(':invalid-parameter')) return isAsked(wrong) ? wordsOf(wrong) : 'A parameter is invalid.';
  return null;
}

function Progress() {
  const now = sending.value;
  if (!now) return null;
  const sent = sum(now.progress.value);
  const whole = now.progress.value.filter((bytes, index) => bytes >= now.images[index].bytes).length;
  const share = now.total === 0 ? 1 : sent / now.total;
  return (
    <div class="sending" role="group" aria-label="Sending">
      <div class="row between">
        <strong>
          {share < 1 ? `Sending: ${whole} of ${counted(now.progress.value.length, 'image')}` : 'Submitting…'}
        </strong>
        <span>
          {bytesInWords(sent)} of {bytesInWords(now.total)}
        </span>
      </div>
      <progress class="wide" aria-label="Sent of all" value={share} max={1} />
      <button type="button" onClick={() => now.stop.abort()}>
        Stop
      </button>
    </div>
  );
}
