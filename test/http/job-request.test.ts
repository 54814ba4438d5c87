/** What a job is asked for with. */
import { createJob } from '../../lib/http/calls/jobs.ts';

const schema = createJob.json?.schema as NonNullable<typeof createJob.json>['schema'];
const job = { images: ['a.png'], operation: 'canny' };

test('a job may say what it does anyway: that it takes nothing from the cache', () => {
  expect(schema.parse({ ...job, cache: false })).toMatchObject({ images: ['a.png'] });
  expect(schema.safeParse({ ...job, cache: true }).error?.issues).toEqual([
    expect.objectContaining({
      path: ['cache'],
      message: 'must be false or omitted: a job processes each of its images',
    }),
  ]);
});
