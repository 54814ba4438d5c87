/** What a caller is told while the storage is away must be true, whatever became of the request. */
import { RestError } from '@azure/storage-blob';
import { problemResponse } from '../../lib/http/responses.ts';

test('a request that failed with the storage is not said to be without effect, but how to repeat it', () => {
  const answer = problemResponse(new RestError('Server busy', { statusCode: 503 }));
  expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
  const { detail } = JSON.parse(answer?.body as string);
  expect(detail).not.toMatch(/nothing was accepted/i);
  expect(detail).toMatch(/may have been accepted.*Idempotency-Key/);
});
