import { createdBlobIn } from '../../lib/intake/blob-created.ts';
import { Pipelines } from '../../lib/intake/pipelines.ts';
import { giveUpIntake, type Intake, takeIn } from '../../lib/intake/take-in.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { withStorageRetry } from '../../lib/storage/transient-errors.ts';
import { settings } from '../settings.ts';
import { queueHandler } from './queue-handler.ts';

let intake: Intake | undefined;

function intakeOf(storage: Storage): Intake {
  const { retentionMs, maxImageBytes: maxBytes, maxImagePixels: maxPixels, traceRatio } = settings;
  // Whoever has a key of this name sees these tasks.
  const owner = settings.authMode === 'anonymous' ? 'anonymous' : 'name-intake';
  intake ??= { storage, pipelines: new Pipelines(storage), owner, retentionMs, maxBytes, maxPixels, traceRatio };
  return intake;
}

/** Queue `intake-events`: makes a task of an image that was dropped in container `intake`. */
export const takeInImage = queueHandler({
  parse: createdBlobIn,
  reason: 'not a BlobCreated event of container intake',
  facts: ({ name }) => ({ id: name }),
  handle: (account, blob) => withStorageRetry(() => takeIn(intakeOf(account), blob), { id: blob.name }),
});

/** Queue `intake-events-poison`: says so where the image's owner looks. */
export const buryPoisonedIntake = queueHandler({
  parse: createdBlobIn,
  reason: 'not a BlobCreated event of container intake',
  facts: ({ name }) => ({ id: name }),
  handle: (account, blob) => withStorageRetry(() => giveUpIntake(account, blob), { id: blob.name }),
});
