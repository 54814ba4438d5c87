/** Picking images, and what was picked. */
import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { bytesInWords, counted } from '../ui/words.ts';
import { accept, filesOf } from './drop.ts';
import {
  accepted,
  canShow,
  chosen,
  earlier,
  imageCount,
  images,
  makeReference,
  type Picked,
  previewed,
  removeAllImages,
  removeImages,
} from './images.ts';
import { takeFiles } from './incoming.ts';
import { ReferencePicker } from './reference-picker.tsx';
import { samples, sampleUrl, takeSample } from './samples.ts';
import { needsReference, steps } from './state.ts';
import { sending } from './submit.ts';

/** So many are shown at first: thousands of pictures would make the page slow. */
const shownAtFirst = 60;
/** Nor are a few more hidden behind a button. */
const slack = 12;

export function ImagePanel() {
  const all = images.value;
  return (
    <section class="panel images" aria-label="Images">
      <DropZone small={all.length > 0} />
      {needsReference.value && <ReferencePicker />}
      {all.length > 0 ? <PickedImages /> : steps.value.length > 0 && <Samples />}
    </section>
  );
}

function DropZone({ small }: { small: boolean }) {
  const pick = (event: TargetedEvent<HTMLInputElement>) => {
    const { files } = event.currentTarget;
    const dropped = filesOf(files ?? []);
    event.currentTarget.value = '';
    void tell(() => takeFiles(dropped));
  };
  return (
    <div class={small ? 'drop small' : 'drop'}>
      <Icon name="image" />
      <p class="desk-only">
        <strong>Drop images or a folder</strong>, paste, or
      </p>
      <div class="row">
        <label class="button">
          <Icon name="add" /> Choose files
          <input class="visually-hidden" type="file" multiple accept={accept} onChange={pick} />
        </label>
        <label class="button phone-only">
          <Icon name="camera" /> Take a photo
          <input class="visually-hidden" type="file" accept="image/*" capture="environment" onChange={pick} />
        </label>
        <label class="button desk-only">
          <Icon name="folder" /> Folder
          <input
            class="visually-hidden"
            type="file"
            multiple
            onChange={pick}
            ref={(input) => input?.setAttribute('webkitdirectory', '')}
          />
        </label>
      </div>
      {!small && <p class="hint">JPEG, PNG, WebP, AVIF, TIFF, GIF, DICOM</p>}
    </div>
  );
}

/** Where there are steps, they stay: only the image is taken. */
function Samples() {
  const pictures = samples.filter(({ file }, index) => samples.findIndex((other) => other.file === file) === index);
  return (
    <div class="samples">
      <h2>Or try it with</h2>
      <ul>
        {pictures.map((sample) => (
          <li key={sample.file}>
            <button type="button" onClick={() => tell(() => takeSample(sample))}>
              <img src={sampleUrl(sample.file)} alt="" width="96" height="96" />
              {sample.title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function PickedImages() {
  const all = useSignal(false);
  const list = images.value;
  const refused = list.filter(({ refusal }) => refusal !== null);
  const good = accepted.value;
  const from = earlier.value;
  const visible = all.value || good.length <= shownAtFirst + slack ? good : good.slice(0, shownAtFirst);
  const bytes = good.reduce((sum, { file }) => sum + file.size, 0);
  const clear = () => {
    removeAllImages();
    say('All images are taken out.');
  };
  return (
    <>
      <div class="row between">
        <h2>
          {counted(imageCount.value, 'image')} {!from && <small>{bytesInWords(bytes)}</small>}
        </h2>
        <button type="button" class="quiet" onClick={clear} disabled={sending.value !== null}>
          Remove all
        </button>
      </div>
      {refused.length > 0 && (
        <div class="refused" role="alert">
          <p>
            <Icon name="warning" /> {counted(refused.length, 'file')} will not be sent:
          </p>
          <ul>
            {refused.map((image) => (
              <li key={image.id}>
                <span>
                  <strong>{image.path}</strong> {image.refusal}
                </span>
                <Remove image={image} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {from && (
        <p class="hint">
          {from.kind === 'job'
            ? `All images of ${from.name ?? 'the job'}; the first one is shown. Nothing is sent again.`
            : 'Of an earlier result. Nothing is sent again.'}
        </p>
      )}
      <ul class="thumbnails">
        {visible.map((image) => (
          <Thumbnail key={image.id} image={image} />
        ))}
      </ul>
      {good.length > visible.length && (
        <button type="button" class="quiet" onClick={() => (all.value = true)}>
          Show {counted(good.length - visible.length, 'more', 'more')}
        </button>
      )}
    </>
  );
}

function Thumbnail({ image }: { image: Picked }) {
  const now = sending.value;
  const progress = now?.progress.value[now.images.findIndex(({ id }) => id === image.id)];
  const size = image.width === null ? '' : `, ${image.width} × ${image.height}`;
  return (
    <li class="thumbnail">
      <button
        type="button"
        aria-pressed={previewed.value?.id === image.id}
        onClick={() => (chosen.value = image.id)}
        title={`${image.path}${size}, ${bytesInWords(image.file.size)}`}
      >
        {canShow(image) ? (
          <img src={image.url} alt={image.path} loading="lazy" decoding="async" />
        ) : (
          <span class="no-picture">{image.path}</span>
        )}
      </button>
      {canShow(image) && (
        <span class="file-name" aria-hidden="true">
          {image.path.split('/').at(-1)}
        </span>
      )}
      {progress !== undefined ? (
        <progress
          aria-label={`${image.path}: sent`}
          value={Math.min(1, progress / Math.max(1, image.file.size))}
          max={1}
        />
      ) : (
        <>
          <Remove image={image} />
          {needsReference.value && !sending.value && (
            <button
              type="button"
              class="icon-button as-second"
              aria-label={`Use ${image.path} as the second image`}
              title="Use as the second image"
              onClick={() => makeReference(image)}
            >
              2
            </button>
          )}
        </>
      )}
    </li>
  );
}

function Remove({ image }: { image: Picked }) {
  return (
    <button
      type="button"
      class="icon-button remove"
      aria-label={`Take ${image.path} out`}
      onClick={() => removeImages([image.id])}
    >
      <Icon name="close" />
    </button>
  );
}
