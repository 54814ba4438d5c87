/** What one sees first: what this is, samples that show a result at once, and the main operations. */
import { catalog, chainOf } from '../api/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { tell } from '../ui/messages.tsx';
import { catalogOpen } from './catalog-dialog.tsx';
import { type Sample, samples, sampleUrl, takeSample } from './samples.ts';
import { addStep } from './state.ts';

const mainOperations = [
  { title: 'Count objects', operation: 'watershed' },
  { title: 'Find edges', operation: 'canny' },
  { title: 'Match two images', operation: 'feature-matching' },
  { title: 'Find faces', operation: 'face-detection' },
  { title: 'Cut out an object', operation: 'grab-cut' },
  { title: 'Resize', operation: 'resize' },
];

export function Welcome() {
  return (
    <section class="panel welcome" aria-labelledby="welcome-title">
      <div class="welcome-intro">
        <h1 id="welcome-title">Process one image, or a hundred thousand</h1>
        <p>
          Tessera counts, measures, compares and corrects what is in your images. Choose operations, see the result here
          as you tune them, then run them on all of your images at once.
        </p>
      </div>
      <h2>See a result with a sample</h2>
      <ul class="sample-cards">
        {samples.map((sample) => (
          <li key={sample.does}>
            <SampleCard sample={sample} />
          </li>
        ))}
      </ul>
      <h2>Or begin with an operation</h2>
      <ul class="main-operations">
        {mainOperations.map(({ title, operation }) => (
          <li key={operation}>
            <button type="button" disabled={catalog.value === null} onClick={() => addStep(operation)}>
              {title}
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="quiet" onClick={() => (catalogOpen.value = true)}>
            <Icon name="search" /> All operations
          </button>
        </li>
      </ul>
    </section>
  );
}

/** The image at the left, what comes of it at the right. */
function SampleCard({ sample }: { sample: Sample }) {
  const { file, title, does, operations, reference } = sample;
  return (
    <button type="button" class="sample-card" onClick={() => tell(() => takeSample(sample))}>
      <span class={file === 'astronaut.webp' ? 'sample-pictures at-top' : 'sample-pictures'}>
        {reference === undefined && <img src={sampleUrl(file)} alt="" width="288" height="192" />}
        <img class="sample-result" src={`examples/${operations[0]}.webp`} alt="" width="288" height="192" />
      </span>
      <strong>{does}</strong>
      <span class="hint">
        {title} · {catalog.value === null ? '…' : chainOf(operations)}
      </span>
    </button>
  );
}
