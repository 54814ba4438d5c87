/** Prints how long it takes to load the functions of an app, in milliseconds since Node has started: `node ops/time-to-load.ts FOLDER`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FunctionsCore } from '../local/functions-core.ts';

const [, , folder = '.'] = process.argv;
new FunctionsCore(() => {}).install();
const begun = performance.now();
const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
for (const file of globSync(main, { cwd: folder })) await import(pathToFileURL(join(folder, file)).href);
process.stdout.write(String(Math.round(performance.now() - begun)));
process.exit();
