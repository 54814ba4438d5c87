/** The frame around every view. */
import { useEffect, useRef } from 'preact/hooks';
import { key, keyWanted, online } from './api/client.ts';
import { Compose } from './compose/compose.tsx';
import { listenForFiles } from './compose/incoming.ts';
import { warnOfLoss } from './compose/loss.ts';
import { SendingLink } from './compose/sending-link.tsx';
import { History } from './history.tsx';
import { Instances } from './instances.tsx';
import { JobView } from './job/job-view.tsx';
import { route } from './router.ts';
import { Icon } from './ui/icon.tsx';
import { KeyDialog, openKeyDialog } from './ui/key-dialog.tsx';
import { Messages } from './ui/messages.tsx';
import { Account, SignInDialog } from './ui/sign-in.tsx';
import { cycleTheme, theme } from './ui/theme.ts';

const titles = { compose: 'New', jobs: 'Jobs', job: 'Job', instances: 'Instances' };

export function App() {
  const { view } = route.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${titles[view]} · Tessera`;
    // Whoever follows a link by keyboard or by ear goes on from the new view.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [view]);
  useEffect(() => listenForFiles(), []);
  useEffect(() => warnOfLoss(), []);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header />
      {!online.value && (
        <p class="banner" role="status">
          <Icon name="offline" /> The service cannot be reached. What is under way goes on as soon as it is back.
        </p>
      )}
      <main id="main" ref={main} tabIndex={-1} class={`view-${view}`}>
        <View />
      </main>
      <KeyDialog />
      <SignInDialog />
      <Messages />
    </>
  );
}

function View() {
  const now = route.value;
  if (now.view === 'job') return <JobView key={now.id} id={now.id} image={now.image} table={now.table} />;
  if (now.view === 'jobs') return <History />;
  if (now.view === 'instances') return <Instances />;
  return <Compose {...now} />;
}

function Header() {
  const { view } = route.value;
  const link = (href: string, text: string, here: boolean) => (
    <a href={href} aria-current={here ? 'page' : undefined}>
      {text}
    </a>
  );
  return (
    <header class="top">
      <a class="brand" href="#/">
        <img src="icon.svg" alt="" width="28" height="28" /> Tessera
      </a>
      <nav aria-label="Views">
        {link('#/', 'New', view === 'compose')}
        {link('#/jobs', 'Jobs', view === 'jobs' || view === 'job')}
        {link('#/instances', 'Instances', view === 'instances')}
      </nav>
      <div class="tools">
        {view !== 'compose' && <SendingLink />}
        <a class="quiet" href="reference.html">
          API
        </a>
        <Account />
        {(key.value !== '' || keyWanted.value !== 'no') && (
          <button type="button" class="icon-button" onClick={openKeyDialog} aria-label="API key" title="API key">
            <Icon name="key" />
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          onClick={cycleTheme}
          aria-label={`Theme: ${theme.value}. Change`}
          title={`Theme: ${theme.value}`}
        >
          <Icon name={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'contrast'} />
        </button>
      </div>
    </header>
  );
}
