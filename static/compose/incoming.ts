/** Files that are dropped or pasted anywhere on the page. */
import { route } from '../router.ts';
import { say } from '../ui/messages.tsx';
import { counted } from '../ui/words.ts';
import { filesIn, filesOf } from './drop.ts';
import { type Dropped, images, pickImages, pickReference, reference } from './images.ts';
import { needsReference } from './state.ts';

/** Two at once, where two are to be compared and there is none, are the image and the second image. */
export async function takeFiles(given: readonly Dropped[]): Promise<void> {
  const files = given.filter((dropped) => !isPicked(dropped));
  const again = given.length - files.length;
  if (again > 0) say(`${counted(again, 'image')} ${again === 1 ? 'was' : 'were'} there already.`);
  const isPair = needsReference.value && files.length === 2 && images.value.length === 0 && !reference.value;
  await pickImages(isPair ? files.slice(0, 1) : files);
  if (isPair) await pickReference(files[1]);
}

function isPicked({ file, path }: Dropped): boolean {
  return images.value.some(
    (image) => image.path === path && image.file.size === file.size && image.file.lastModified === file.lastModified,
  );
}

/** Marks an element that takes dropped files itself. */
const ownTarget = '[data-takes-files]';

/** Listens on the whole page, whatever its view, so that no dropped file makes the browser leave it; gives what stops it. */
export function listenForFiles(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  const mark = (dragging: boolean) => document.body.classList.toggle('dragging', dragging);
  const on = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
    document.addEventListener(
      type,
      (event) => {
        if (hasFiles(event)) listener(event);
      },
      { signal },
    );
  on('dragover', (event) => {
    event.preventDefault();
    mark(!(event.target instanceof Element && event.target.closest(ownTarget)));
  });
  on('dragleave', (event) => mark(event.relatedTarget !== null));
  on('drop', async (event) => {
    event.preventDefault();
    mark(false);
    if (event.target instanceof Element && event.target.closest(ownTarget)) return;
    if (!event.dataTransfer) return;
    const taken = takeFiles(await filesIn(event.dataTransfer));
    if (route.value.view !== 'compose') location.hash = '#/';
    await taken;
  });
  document.addEventListener(
    'paste',
    async ({ clipboardData }) => {
      const files = filesOf(clipboardData?.files ?? []);
      if (files.length === 0) return;
      await takeFiles(files);
      if (route.value.view !== 'compose') location.hash = '#/';
      say(`${counted(files.length, 'image')} pasted.`);
    },
    { signal },
  );
  return () => stop.abort();
}
