/** The view in which images, steps and output come together. */
import { useEffect } from 'preact/hooks';
import { takeEarlier } from './earlier.ts';
import { ImagePanel } from './image-panel.tsx';
import { OutputPanel } from './output-panel.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { StepList } from './step-list.tsx';
import { sending } from './submit.ts';
import { SubmitPanel } from './submit-panel.tsx';
import { listenForUndo } from './undo.ts';

/** `from`: the task or job whose images are taken again. */
export function Compose({ from }: { from: string | null }) {
  useEffect(() => listenForUndo(), []);
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
        <div class="side" inert={sending.value !== null}>
          <StepList />
          <OutputPanel />
        </div>
        <SubmitPanel />
      </section>
    </div>
  );
}
