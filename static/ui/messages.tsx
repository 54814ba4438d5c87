/** What happened, said in passing; read out by screen readers. */
import { signal } from '@preact/signals';
import { wordsFor } from '../api/client.ts';
import { Icon } from './icon.tsx';

interface Message {
  id: number;
  text: string;
  bad: boolean;
  link: Link | Action | null;
}

interface Link {
  href: string;
  text: string;
}

interface Action {
  text: string;
  run: () => void;
}

const messages = signal<Message[]>([]);
const shownMs = { short: 4000, long: 12_000 };
/** So long can an action be taken. */
export const actionMs = shownMs.long;
let lastId = 0;

/** `how`: true for what went wrong, or a link to what it is about, or what can be done about it. */
export function say(text: string, how: boolean | Link | Action = false): void {
  const id = ++lastId;
  const bad = how === true;
  const link = typeof how === 'object' ? how : null;
  messages.value = [...messages.value.filter((message) => message.text !== text), { id, text, bad, link }];
  setTimeout(() => dismiss(id), bad || link ? shownMs.long : shownMs.short);
}

/** Runs what a button starts; where that fails, says so. */
export async function tell(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    say(wordsFor(error), true);
  }
}

function dismiss(id: number): void {
  messages.value = messages.value.filter((message) => message.id !== id);
}

export function Messages() {
  return (
    <div class="messages" role="status" aria-live="polite">
      {messages.value.map(({ id, text, bad, link }) => (
        <p key={id} class={bad ? 'message bad' : 'message'}>
          <Icon name={bad ? 'warning' : 'check'} />{' '}
          <span>
            {text} {link && 'href' in link && <a href={link.href}>{link.text}</a>}
          </span>
          {link && 'run' in link && (
            <button
              type="button"
              class="act"
              onClick={() => {
                dismiss(id);
                link.run();
              }}
            >
              {link.text}
            </button>
          )}
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
