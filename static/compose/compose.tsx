/** The view in which images, steps and output come together. */
import { useEffect } from 'preact/hooks';
import { catalog } from '../api/catalog.ts';
import { leaveAddress } from '../router.ts';
import { say, tell } from '../ui/messages.tsx';
import { listenForUndo } from '../ui/undo-keys.ts';
import { takeEarlier } from './earlier.ts';
import { ImagePanel } from './image-panel.tsx';
import { images } from './images.ts';
import { OutputPanel } from './output-panel.tsx';
import { takeLink } from './own-presets.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { steps } from './state.ts';
import { StepList } from './step-list.tsx';
import { sending } from './submit.ts';
import { SubmitPanel } from './submit-panel.tsx';
import { redo, undo } from './undo.ts';
import { Welcome } from './welcome.tsx';

interface ComposeProps {
  /** The task or job whose images are taken again. */
  from: string | null;
  /** Steps that came with the address. */
  shared: string | null;
}

export function Compose({ from, shared }: ComposeProps) {
  useEffect(() => listenForUndo({ undo, redo }), []);
  useEffect(() => {
    if (from === null) return;
    return takeEarlier(from);
  }, [from]);
  const ready = catalog.value !== null;
  useEffect(() => {
    if (shared === null || !ready) return;
    void tell(async () => {
      leaveAddress();
      takeLink(shared);
      say('The steps of the link are taken over.');
    });
  }, [shared, ready]);
  const isFirst = images.value.length === 0 && steps.value.length === 0;
  return (
    <div class={isFirst ? 'compose is-first' : 'compose'}>
      {isFirst ? <Welcome /> : <h1 class="visually-hidden">Process images</h1>}
      <ImagePanel />
      {!isFirst && <PreviewPanel />}
      <section class="panel side" aria-label="What is to be done">
        <div class="side" inert={sending.value !== null}>
          <StepList />
          {!isFirst && <OutputPanel />}
        </div>
        {!isFirst && <SubmitPanel />}
      </section>
    </div>
  );
}
