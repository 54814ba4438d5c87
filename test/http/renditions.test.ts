/** Links to what browsers show in place of images. */
import sharp from 'sharp';
import { openStorage } from '../../lib/storage/storage.ts';
import type { TaskJson } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { useRunner } from '../harness/use.ts';

const runner = useRunner();

interface Urls {
  urls: Record<'input' | 'result' | 'inputRendition' | 'rendition' | 'thumbnail', string>;
}

const withUrls = ({ id }: { id: string }): Promise<TaskJson & Urls> => runner.client.get(`/api/tasks/${id}?urls=1`);

test('a TIFF file and its result can be seen; the links stay the same, and are kept by browsers', async () => {
  const { client } = runner;
  const image = fixture('multipage.tif');
  const task = await client.run({
    image,
    name: 'pages.tif',
    fields: { operation: 'invert', output: { format: 'tiff' } },
  });
  const { urls } = await withUrls(task);
  for (const url of [urls.inputRendition, urls.rendition, urls.thumbnail]) {
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
    const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([width, height]).toEqual([task.input.width, task.input.height]);
  }
  expect(new Set([urls.input, urls.result, urls.inputRendition, urls.rendition, urls.thumbnail]).size).toBe(5);
  // Unless half of their lifetime ends between the two.
  const [again, third] = [await withUrls(task), await withUrls(task)];
  expect([again.urls, third.urls]).toContainEqual(urls);
});

test('a small picture is its own rendition and thumbnail', async () => {
  const { urls } = await withUrls(
    await runner.client.run({ image: fixture('box.png'), fields: { operation: 'canny' } }),
  );
  expect(urls).toMatchObject({ inputRendition: urls.input, rendition: urls.result, thumbnail: urls.result });
});

test('a task done by an earlier one has renditions of its own, which go when it is deleted', async () => {
  const { client, storage } = runner;
  const request = { image: fixture('multipage.tif'), name: 'a.tif', fields: { operation: 'sepia' } };
  const first = await client.run(request);
  const second = await client.run(request);
  expect(second.cached).toBe(true);
  expect((await client.send('DELETE', `/api/tasks/${first.id}`)).status).toBe(204);
  const { urls } = await withUrls(second);
  for (const url of [urls.inputRendition, urls.rendition, urls.thumbnail]) expect((await fetch(url)).status).toBe(200);
  const { results } = await openStorage(storage);
  const left = await Array.fromAsync(results.list(`${first.jobId}/`));
  expect(left).toEqual([]);
});
