/** Every event in every state, and what holds after any number of them. */
import fc from 'fast-check';
import { isFinal, nextState, type TaskEvent, type TaskState, taskEvents, taskStates } from '../../lib/model/states.ts';

/** Rows: from; columns: in the order of the events; a dot where the event is not possible. */
const table: Record<TaskState, string> = {
  //          start   succeed   fail   reuse     release cancel    retry
  Queued: '   Running .         Failed Succeeded .       Canceled .',
  Running: '  Running Succeeded Failed .         Queued  Canceled .',
  Succeeded: '.       .         .      .         .       .         .',
  Failed: '   .       .         .      .         .       .         Queued',
  Canceled: '.       .         .      .         .       .         Queued',
};

const cases = taskStates.flatMap((from) => {
  const ends = table[from].trim().split(/\s+/);
  return taskEvents.map((event, i) => [from, event, ends[i]] as const);
});

test.each(cases)('%s, %s: %s', (from, event, to) => {
  expect(nextState(from, event) ?? '.').toBe(to);
});

test('a task is at its end as Succeeded, Failed or Canceled', () => {
  expect(taskStates.filter(isFinal)).toEqual(['Succeeded', 'Failed', 'Canceled']);
});

/** The states that a task goes through; events that are not possible are left out. */
function pathOf(events: TaskEvent[]): { event: TaskEvent; from: TaskState; to: TaskState }[] {
  let from: TaskState = 'Queued';
  return events.flatMap((event) => {
    const to = nextState(from, event);
    if (!to) return [];
    const step = { event, from, to };
    from = to;
    return [step];
  });
}

const events = fc.array(fc.constantFrom(...taskEvents), { maxLength: 50 });

test('only its owner takes a task out of its end', () => {
  fc.assert(
    fc.property(events, (events) => {
      for (const { event, from } of pathOf(events)) if (isFinal(from)) expect(event).toBe('retry');
    }),
  );
});

test('nothing follows a success', () => {
  fc.assert(
    fc.property(events, (events) => {
      const path = pathOf(events);
      const success = path.findIndex(({ to }) => to === 'Succeeded');
      expect(success === -1 || success === path.length - 1).toBe(true);
    }),
  );
});

test('a task can be worked on or canceled at any time before its end, and at no other', () => {
  fc.assert(
    fc.property(events, (events) => {
      const now = pathOf(events).at(-1)?.to ?? 'Queued';
      expect(nextState(now, 'start')).toBe(isFinal(now) ? undefined : 'Running');
      expect(nextState(now, 'cancel')).toBe(isFinal(now) ? undefined : 'Canceled');
    }),
  );
});
