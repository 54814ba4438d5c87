/** An upload that its owner has put where it cannot be read is told as such. */
import { getImage, inputNotFound } from '../../lib/storage/images.ts';
import { rawContainer } from '../harness/storage.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();

test('an image in the archive tier is not found, and the reason is given', async () => {
  const { inputs } = account.storage;
  const name = 'uploads/bob/archived.png';
  const blob = (await rawContainer(account.connection, 'inputs')).getBlockBlobClient(name);
  await blob.upload('x', 1);
  await blob.setAccessTier('Archive');
  const details = {
    type: 'urn:tessera:problem:input-not-found',
    detail: 'The image cannot be read: the storage says BlobArchived. Upload it again.',
  };
  await expect(inputs.head(name, 10, () => inputNotFound('image'))).rejects.toMatchObject({
    details: { ...details, field: 'image' },
  });
  await expect(getImage(account.storage, { blob: name }, 10)).rejects.toMatchObject({ details });
});
