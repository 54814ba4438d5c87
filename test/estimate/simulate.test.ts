/** How long a backlog takes, how many instances it gets, and what they wait for. */
import { azure, type Platform } from '../../lib/estimate/platform.ts';
import { type Load, simulate } from '../../lib/estimate/simulate.ts';

const load: Load = { tasks: 1000, cpuSeconds: 1, waitSeconds: 0.1, walls: [] };
/** Ten instances that need not start. */
const ready: Platform = { ...azure, alwaysReady: 10, maximumInstances: 10 };

test('instances that are ready take as long as their cores need', () => {
  const { seconds, instances, instanceSeconds, aborted } = simulate(load, ready);
  expect(seconds).toBeGreaterThanOrEqual(100);
  expect(seconds).toBeLessThan(105);
  expect(instances).toBe(10);
  expect(instanceSeconds).toBeGreaterThan(990);
  expect(instanceSeconds).toBeLessThan(1050);
  expect(aborted).toBe(0);
});

test('while tasks wait for the storage, an instance computes others, as many as it holds', () => {
  const { seconds } = simulate({ ...load, waitSeconds: 4 }, ready);
  // Three messages each, 5 s a message.
  expect(seconds).toBeCloseTo((1000 * 5) / 30, -1);
});

test('from zero, instances are added by the votes, up to the maximum', () => {
  const { samples, instances, limitedBy, seconds } = simulate({ ...load, tasks: 50_000 }, azure);
  expect(instances).toBe(100);
  expect(limitedBy).toBe('maximum-instances');
  expect(seconds).toBeGreaterThan(50_000 / 100);
  const at = (time: number) => samples.findLast((sample) => sample.seconds <= time);
  expect(at(azure.firstLookSeconds - 1)).toMatchObject({ ready: 0, starting: 0 });
  expect(at(azure.firstLookSeconds + 2)).toMatchObject({ ready: 0, starting: 4 });
  expect(at(azure.firstLookSeconds + azure.coldStartSeconds + 2)).toMatchObject({ ready: 4 });
  expect(samples.at(-1)).toMatchObject({ backlog: 0 });
});

test('a few tasks get no more instances than their messages ask for', () => {
  const { instances, limitedBy } = simulate({ ...load, tasks: 12, cpuSeconds: 10 }, azure);
  expect(instances).toBe(4);
  expect(limitedBy).toBe('scale-out');
});

test('the quota of cores counts for large instances twice', () => {
  const many = { ...load, tasks: 200_000 };
  const platform = { ...azure, maximumInstances: 1000, instancesPerDecision: 40 };
  const one = simulate(many, platform);
  const two = simulate(many, { ...platform, cores: 2, memoryGb: 4, messagesPerInstance: 6 });
  expect([one.instances, one.limitedBy, two.instances, two.limitedBy]).toEqual([248, 'core-quota', 124, 'core-quota']);
});

test('the lowest wall limits, and is named', () => {
  const walls = [
    { name: 'account' as const, tasksPerSecond: 50 },
    { name: 'queue' as const, tasksPerSecond: 5 },
  ];
  const { limitedBy, seconds } = simulate({ ...load, walls }, ready);
  expect(limitedBy).toBe('queue');
  expect(seconds).toBeCloseTo(200, -1);
});

test('a dispatcher that is slower than the instances leaves most of them away', () => {
  const walls = [{ name: 'dispatcher' as const, tasksPerSecond: 20 }];
  const { limitedBy, seconds, instanceSeconds } = simulate({ ...load, tasks: 20_000, walls }, azure);
  expect(limitedBy).toBe('dispatcher');
  expect(seconds / 1000).toBeCloseTo(1, 0);
  // Half of what 100 instances would be billed for in that time.
  expect(instanceSeconds).toBeLessThan(50 * seconds);
});

test('instances of one machine share its cores', () => {
  const { limitedBy, seconds } = simulate(load, { ...ready, alwaysReady: 4, maximumInstances: 4, sharedCores: 2 });
  expect(limitedBy).toBe('shared-cores');
  expect(seconds).toBeCloseTo(500, -1);
});

test('at the end instances are removed: short work that they have just begun goes back, and is done', () => {
  const long = { ...load, tasks: 400, cpuSeconds: 60 };
  const { samples, aborted, seconds } = simulate(long, { ...azure, alwaysReady: 0 });
  expect(aborted).toBeGreaterThan(0);
  expect(samples.some(({ draining }) => draining > 0)).toBe(true);
  expect(samples.at(-1)).toMatchObject({ backlog: 0 });
  expect(seconds).toBeGreaterThan((400 * 60) / 100);
});

test('a billion tasks are estimated too, with a bounded number of samples', () => {
  const { samples, seconds } = simulate({ ...load, tasks: 1e9 }, azure);
  expect(seconds).toBeCloseTo(1e9 / 100, -5);
  expect(samples.length).toBeLessThan(5000);
});

test('time passes and the backlog shrinks from sample to sample', () => {
  const { samples } = simulate({ ...load, tasks: 3000 }, azure);
  for (const [i, { seconds, backlog, instanceSeconds }] of samples.entries()) {
    if (i === 0) continue;
    expect(seconds).toBeGreaterThan(samples[i - 1].seconds);
    expect(backlog).toBeLessThanOrEqual(samples[i - 1].backlog);
    expect(instanceSeconds).toBeGreaterThanOrEqual(samples[i - 1].instanceSeconds);
  }
});

test('a few slow tasks on one instance are followed to their end', () => {
  const { seconds, samples } = simulate({ ...load, tasks: 500, cpuSeconds: 350 }, { ...azure, maximumInstances: 1 });
  expect(samples.at(-1)).toMatchObject({ backlog: 0 });
  expect(Math.abs(seconds / (500 * 350) - 1)).toBeLessThan(0.02);
});
