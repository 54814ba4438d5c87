/** What one caller may ask of an instance in a minute. */
import { CallerLimits } from '../../lib/http/limits.ts';
import { Problem } from '../../lib/problems.ts';

const limits = () => new CallerLimits({ requestsPerMinute: 3, bytesPerMinute: 1000 });

async function refusal(work: Promise<unknown>): Promise<object> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return error.details;
    throw error;
  }
  throw new Error('It was allowed.');
}

test('requests are counted for each caller, also those without a body', async () => {
  const caller = limits();
  for (let i = 0; i < 3; i++) await caller.admit('alice', 0);
  expect(await refusal(caller.admit('alice', 0))).toMatchObject({
    type: 'urn:tessera:problem:rate-limited',
    limit: 3,
    retryAfter: expect.any(Number),
  });
  await caller.admit('bob', 0);
});

test('bytes that are refused count for nothing: fewer are allowed at once', async () => {
  const caller = limits();
  await caller.spend('alice', 900);
  for (let i = 0; i < 5; i++)
    expect(await refusal(caller.spend('alice', 500))).toMatchObject({ status: 429, limit: 1000 });
  await caller.spend('alice', 100);
});

test('more than is allowed in a minute is refused as such, and promises nothing', async () => {
  const caller = limits();
  const tooMuch = await refusal(caller.spend('alice', 1001));
  expect(tooMuch).toMatchObject({ type: 'urn:tessera:problem:body-too-large', status: 413, limit: 1000 });
  expect(tooMuch).not.toHaveProperty('retryAfter');
  const announced = await refusal(caller.spend('alice', 1001, 'files'));
  expect(announced).toMatchObject({ type: 'urn:tessera:problem:invalid-parameter', field: 'files', limit: 1000 });
  expect(announced).not.toHaveProperty('retryAfter');
  await caller.spend('alice', 1000);
});

test('a body without a length is counted as it comes', async () => {
  const caller = limits();
  const count = caller.meter('alice');
  await count(600);
  await count(300);
  expect(await refusal(caller.spend('alice', 200))).toMatchObject({ status: 429 });
  expect(await refusal(count(200))).toMatchObject({ type: 'urn:tessera:problem:body-too-large', limit: 1000 });
});

test('it ends where another body has left too little', async () => {
  const caller = limits();
  await caller.spend('alice', 900);
  const count = caller.meter('alice');
  await count(100);
  expect(await refusal(count(1))).toMatchObject({ type: 'urn:tessera:problem:rate-limited', limit: 1000 });
});
