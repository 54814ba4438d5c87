/** A job's state and counts are pure functions of a few facts: each combination, and what holds for all of them. */
import fc from 'fast-check';
import { isDone, type JobFacts, type JobState, jobCounts, jobState } from '../../lib/model/job.ts';
import {
  type Counts,
  nextState,
  noCounts,
  type TaskEvent,
  type TaskState,
  taskStates,
} from '../../lib/model/states.ts';

const time = new Date(0);
const fault = { type: 'about:blank', title: 'Fault', status: 500, detail: '' };

/** How many of two tasks are in which state. */
const counts = {
  none: {},
  queued: { Queued: 2 },
  begun: { Queued: 1, Running: 1 },
  half: { Queued: 1, Succeeded: 1 },
  running: { Running: 2 },
  last: { Running: 1, Failed: 1 },
  ended: { Succeeded: 1, Failed: 1 },
  canceled: { Canceled: 2 },
} satisfies Record<string, Partial<Counts>>;

type Row = [counts: keyof typeof counts, total: number | null, open: JobState, canceled: JobState, failed: JobState];

/** The state of a job that is not stopped, of one that its owner canceled, and of one that could not be expanded. */
const table: Row[] = [
  ['none', null, 'Queued', 'Canceled', 'Failed'],
  ['none', 0, 'Completed', 'Canceled', 'Failed'],
  ['queued', 2, 'Queued', 'Queued', 'Queued'],
  ['begun', 2, 'Running', 'Running', 'Running'],
  ['half', 2, 'Running', 'Running', 'Running'],
  ['running', 2, 'Running', 'Running', 'Running'],
  ['last', 2, 'Running', 'Running', 'Running'],
  ['ended', 2, 'Completed', 'Canceled', 'Failed'],
  ['canceled', 2, 'Completed', 'Canceled', 'Failed'],
];

test.each(table)('with tasks %s of %s: %s, once canceled %s, without all its tasks %s', (tasks, total, ...states) => {
  const facts = { counts: { ...noCounts(), ...counts[tasks] }, total };
  const stops = [
    { canceledAt: null, error: null },
    { canceledAt: time, error: null },
    { canceledAt: null, error: fault },
  ];
  expect(stops.map((stop) => jobState({ ...facts, ...stop }))).toEqual(states);
  // An owner who cancels what has failed already changes nothing.
  expect(jobState({ ...facts, canceledAt: time, error: fault })).toBe(states[2]);
});

const events: TaskEvent[] = ['start', 'succeed', 'fail', 'release', 'cancel'];

interface Made {
  total: number | null;
  created: number;
  stop: 'canceled' | 'failed' | null;
}

const made: fc.Arbitrary<Made> = fc
  .record({ total: fc.option(fc.nat(6)), created: fc.nat(6), stop: fc.constantFrom('canceled', 'failed', null) })
  .map(({ total, created, stop }) => ({ total, created: total === null ? 0 : Math.min(total, created), stop }));
/** Which task something happens to, and what. */
const happenings = fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...events)), { maxLength: 30 });

/** A job whose tasks go through events that their states allow; `seen` gets its facts after each. */
function play({ total, created, stop }: Made, happening: [number, TaskEvent][], seen: (facts: JobFacts) => void): void {
  const states: TaskState[] = Array(created).fill('Queued');
  const moves = { ...noCounts(), Queued: created };
  const basis = {
    total,
    expansion: { list: null, prefix: null, offset: 0, created, enqueued: 0, lease: null },
    canceledAt: stop === 'canceled' ? time : null,
    error: stop === 'failed' ? fault : null,
  };
  const facts = () => ({ ...basis, counts: jobCounts(basis, [moves]) });
  seen(facts());
  for (const [index, event] of happening) {
    const from = states[index];
    const to = from && nextState(from, event);
    if (!from || !to) continue;
    states[index] = to;
    moves[from]--;
    moves[to]++;
    seen(facts());
  }
}

test('every task is counted once, none less than never', () => {
  fc.assert(
    fc.property(made, happenings, (job, happening) => {
      play(job, happening, ({ counts, total }) => {
        expect(taskStates.reduce((sum, state) => sum + counts[state], 0)).toBe(total ?? 0);
        expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
      });
    }),
  );
});

test('a final state is never left, and one that is stopped gets there by its made tasks alone', () => {
  fc.assert(
    fc.property(made, happenings, (job, happening) => {
      let final: JobState | null = null;
      play(job, happening, (facts) => {
        if (final) expect(jobState(facts)).toBe(final);
        if (isDone(facts)) final = jobState(facts);
      });
      const toEnd = Array.from({ length: job.created }, (_, i): [number, TaskEvent] => [i, 'cancel']);
      let last: JobFacts | undefined;
      play(job, [...happening, ...toEnd], (facts) => (last = facts));
      if (job.stop) expect(last && isDone(last)).toBe(true);
    }),
  );
});

test('the moves of several processes add up, in whatever order they are read', () => {
  const move = fc.record(
    Object.fromEntries(taskStates.map((state) => [state, fc.integer()])) as never,
  ) as fc.Arbitrary<Counts>;
  fc.assert(
    fc.property(fc.array(move), (moves) => {
      const all = { total: 7, expansion: null, canceledAt: null, error: null };
      expect(jobCounts(all, moves)).toEqual(jobCounts(all, moves.toReversed()));
    }),
  );
});
