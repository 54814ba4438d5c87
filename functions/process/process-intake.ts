import { createdBlobIn } from '../../lib/intake/blob-created.ts';
import { failIntake, type Intake, ingestBlob } from '../../lib/intake/ingest-blob.ts';
import { Pipelines } from '../../lib/intake/pipelines.ts';
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

/** Queue `intake-events`: submits a task for an image that was uploaded to container `intake`. */
export const processIntake = queueHandler({
  parse: createdBlobIn,
  reason: 'not a BlobCreated event of container intake',
  facts: ({ name }) => ({ id: name }),
  handle: (account, blob) => withStorageRetry(() => ingestBlob(intakeOf(account), blob), { id: blob.name }),
});

/** Queue `intake-events-poison`: writes a problem to the outbox, where the image's owner finds it. */
export const handlePoisonedIntake = queueHandler({
  parse: createdBlobIn,
  reason: 'not a BlobCreated event of container intake',
  facts: ({ name }) => ({ id: name }),
  handle: (account, blob) => withStorageRetry(() => failIntake(account, blob), { id: blob.name }),
});
