import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

const { version, dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

/** Changes with whatever may change a result: this package and the libraries that make pixels. */
export const engineVersion: string = [version, dependencies['@techstark/opencv-js'], dependencies.sharp].join('+');
