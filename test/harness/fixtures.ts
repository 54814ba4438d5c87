import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';

export function fixturePath(name: string): string {
  return join(projectRoot, 'test/fixtures', name);
}

export function fixture(name: string): Buffer<ArrayBuffer> {
  return readFileSync(fixturePath(name)) as Buffer<ArrayBuffer>;
}

type Box = [x: number, y: number, width: number, height: number];

interface Golden {
  images: Record<
    string,
    {
      width: number;
      height: number;
      graySha256: string;
      canny_100_200: { edgePixels: number; sha256: string };
      canny_50_150_L2: { edgePixels: number; sha256: string };
      watershed: { otsu: number; foregroundRatio: number; segments: number; boundaryPixels: number };
      gaussian5_sha256: string;
      median5_sha256: string;
      equalize_sha256: string;
      haarFaces: Box[];
    }
  >;
  pairs: Record<string, { good: number; inliers: number; homography: number[][] }>;
}

/** Native OpenCV's results (see test/fixtures/README.md). */
export const golden: Golden = JSON.parse(fixture('golden.json').toString());

/** Native OpenCV's results for the rest of the catalog (made by test/fixtures/catalog-make.py). */
export const catalogGolden: Record<string, { steps: { operation: string; params: object }[]; sha256: string }[]> =
  JSON.parse(fixture('catalog.json').toString());
