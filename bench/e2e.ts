/**
 * Images per second from the first upload to the last result, beside workers of native OpenCV on the same machine:
 *
 *     npm run bench:e2e -- [--peer DIR] [--only canny]
 *
 * DIR has the peer's `worker.py CONNECTION_STRING` and `submit.py CONNECTION_STRING OPERATION COUNT IMAGE [REFERENCE]`, which prints
 * JSON with `perSecond`. Each system is alone while it runs; they take turns for three rounds, and the medians are printed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { projectRoot } from '../lib/project-root.ts';
import { Peer } from './e2e-peer.ts';
import { Tessera, type Work } from './e2e-tessera.ts';

const rounds = 3;

interface Case extends Work {
  /** Tasks a round, so that a round takes some seconds. */
  count: number;
}

const folder = mkdtempSync(join(tmpdir(), 'tessera-e2e-'));
const { values } = parseArgs({ options: { peer: { type: 'string' }, only: { type: 'string' } } });
const workers = availableParallelism();
try {
  const cases = (await allCases()).filter(({ operation }) => values.only === undefined || operation === values.only);
  console.log(`Images per second, medians of ${rounds} rounds; ${workers} cores, ${workers} workers of the peer.\n`);
  console.log('| operation | MP | peer | tasks | ratio | job | ratio |\n| --- | --- | --- | --- | --- | --- | --- |');
  for (const work of cases) console.log(await rowOf(work));
} finally {
  rmSync(folder, { recursive: true });
}

async function rowOf(work: Case): Promise<string> {
  const perSecond = { peer: [] as number[], tasks: [] as number[], job: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    if (values.peer !== undefined) {
      await using peer = await Peer.start(values.peer, workers);
      perSecond.peer.push(await peer.run(work, work.count));
    }
    await using tessera = await Tessera.start();
    perSecond.tasks.push(work.count / (await tessera.tasks(work, work.count)));
    perSecond.job.push(work.count / (await tessera.job(work, work.count)));
  }
  const [peer, tasks, job] = [perSecond.peer, perSecond.tasks, perSecond.job].map(median);
  const ratio = (ours: number) => (Number.isNaN(peer) ? '–' : (ours / peer).toFixed(2));
  const figure = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(2));
  return `| ${work.operation} | ${work.megapixels} | ${figure(peer)} | ${figure(tasks)} | ${ratio(tasks)} | ${figure(job)} | ${ratio(job)} |`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function allCases(): Promise<Case[]> {
  const coins = [await scaled('coins.png', 1), await scaled('coins.png', 12)];
  const portrait = [await scaled('astronaut.png', 1), await scaled('astronaut.png', 12)];
  const scene = [await scaled('graf1.png', 1), await scaled('graf3.png', 1)];
  return [
    { operation: 'canny', megapixels: 1, image: coins[0], count: 200 },
    { operation: 'canny', megapixels: 12, image: coins[1], count: 40 },
    { operation: 'watershed', megapixels: 1, image: coins[0], count: 100 },
    { operation: 'watershed', megapixels: 12, image: coins[1], count: 20 },
    { operation: 'feature-matching', megapixels: 1, image: scene[0], reference: scene[1], count: 60 },
    { operation: 'face-detection', megapixels: 1, image: portrait[0], count: 30 },
    { operation: 'face-detection', megapixels: 12, image: portrait[1], count: 8 },
  ];
}

/** A fixture as a JPEG file of so many megapixels, as cameras give them. */
async function scaled(name: string, megapixels: number): Promise<string> {
  const path = join(folder, `${name}-${megapixels}.jpg`);
  const { width, height } = await sharp(join(projectRoot, 'test/fixtures', name)).metadata();
  const scale = Math.sqrt((megapixels * 1e6) / (width * height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale), fit: 'fill' as const };
  await sharp(join(projectRoot, 'test/fixtures', name))
    .resize(size)
    .jpeg({ quality: 90 })
    .toFile(path);
  return path;
}
