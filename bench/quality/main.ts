/** What the operations find in images whose truth is known: `npm run bench:quality -- [counting] [spots] [faces] [denoising] [registration]`. */
import { counting } from './counting.ts';
import { denoising } from './denoising.ts';
import { faces } from './faces.ts';
import { registration } from './registration.ts';
import { spots } from './spots.ts';

const suites: Record<string, () => Promise<string[]>> = { counting, spots, faces, denoising, registration };
const wanted = process.argv.slice(2);
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n## ${name}\n\n${(await suite()).join('\n')}`);
}
// OpenCV keeps the process alive.
process.exit(0);
