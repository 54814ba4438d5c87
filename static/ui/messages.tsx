/** What happened, said in passing; read out by screen readers. */
import { signal } from '@preact/signals';
import { wordsFor } from '../api/client.ts';
import { Icon } from './icon.tsx';

interface Message {
  id: number;
  text: string;
  bad: boolean;
}

const messages = signal<Message[]>([]);
const shownMs = { good: 4000, bad: 12_000 };
let lastId = 0;

export function say(text: string, bad = false): void {
  const id = ++lastId;
  messages.value = [...messages.value.filter((message) => message.text !== text), { id, text, bad }];
  setTimeout(() => dismiss(id), bad ? shownMs.bad : shownMs.good);
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
      {messages.value.map(({ id, text, bad }) => (
        <p key={id} class={bad ? 'message bad' : 'message'}>
          <Icon name={bad ? 'warning' : 'check'} /> <span>{text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
