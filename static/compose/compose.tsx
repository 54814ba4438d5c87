/** The view in which images, steps and output come together. */
import { useEffect } from 'preact/hooks';
import { say } from '../ui/messages.tsx';
import { counted } from '../ui/words.ts';
import { filesIn, filesOf } from './drop.ts';
import { takeEarlier } from './earlier.ts';
import { ImagePanel } from './image-panel.tsx';
import { pickImages } from './images.ts';
import { OutputPanel } from './output-panel.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { StepList } from './step-list.tsx';
import { SubmitPanel } from './submit-panel.tsx';

/** `from`: the task or job whose images are taken again. */
export function Compose({ from }: { from: string | null }) {
  useEffect(() => listenForFiles(), []);
  useEffect(() => {
    if (from === null) return;
    return takeEarlier(from);
  }, [from]);
  return (
    <div class="compose">
      <h1 class="visually-hidden">Process images</h1>
      <ImagePanel />
      <PreviewPanel />
      <section class="panel side" aria-label="What is to be done">
        <StepList />
        <OutputPanel />
        <SubmitPanel />
      </section>
    </div>
  );
}

/** Files may be dropped anywhere, and pasted; gives what takes that back. */
function listenForFiles(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  const mark = (dragging: boolean) => document.body.classList.toggle('dragging', dragging);
  const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
    document.addEventListener(
      type,
      (event) => {
        if (hasFiles(event)) listener(event);
      },
      { signal },
    );
  on('dragover', (event) => {
    event.preventDefault();
    mark(true);
  });
  on('dragleave', (event) => mark(event.relatedTarget !== null));
  on('drop', async (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer) await pickImages(await filesIn(event.dataTransfer));
  });
  document.addEventListener(
    'paste',
    async ({ clipboardData }) => {
      const files = filesOf(clipboardData?.files ?? []);
      if (files.length === 0) return;
      await pickImages(files);
      say(`${counted(files.length, 'image')} pasted.`);
    },
    { signal },
  );
  return () => stop.abort();
}
