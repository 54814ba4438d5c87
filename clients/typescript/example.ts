/**
 * Uploads an image, finds its edges, and says how many pixels are on one. In the project's root, while the service runs:
 * `npm run example -- http://127.0.0.1:7071 photo.jpg`
 */
import { openAsBlob } from 'node:fs';
import { createTesseraClient, dataOf } from './src/index.ts';

const [, , baseUrl, path] = process.argv;
const tessera = createTesseraClient({ baseUrl });
const image = await openAsBlob(path);

const files = [{ name: 'example/photo', contentType: 'image/jpeg', bytes: image.size }];
const { uploads } = await dataOf(tessera.POST('/api/uploads', { body: { files } }));
await fetch(uploads[0].url, { method: 'PUT', headers: uploads[0].headers, body: image });
const body = { image: 'example/photo', steps: [{ operation: 'canny' as const, params: { blur: 1.5 } }] };
const { id } = await dataOf(tessera.POST('/api/tasks', { body }));
const params = { path: { id }, query: { wait: 60 } };
const task = await dataOf(tessera.GET('/api/tasks/{id}', { params }));
console.log(
  `${task.state}: ${task.measurements?.[0]?.edgePixels} pixels are on an edge; the picture is at ${task.result?.href}`,
);
