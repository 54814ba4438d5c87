/**
 * Ends the process in one line where Node is too old to run Tessera, before anything fails for it in a less readable way.
 * JavaScript, not TypeScript, so that such a Node can read it.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What is wrong with a version of Node, such as `20.19.0`; null where nothing is.
 * @param {string} version
 * @param {string} packaged the version that the packages bring, as package.json names it, such as `^24.21.0`
 * @returns {string | null}
 */
export function nodeFault(version, packaged) {
  const [wanted, found] = [packaged, version].map((text) => Number(/\d+/.exec(text)?.[0]));
  if (found >= wanted) return null;
  return `Tessera runs on Node ${wanted}, which \`npm ci\` installs with its packages unless install scripts are switched off, and \`npm start\` uses; this is Node ${version}.`;
}

/** package.json is one folder up, or two from `dist/`. */
function readPackage(folder = dirname(fileURLToPath(import.meta.url))) {
  try {
    return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  } catch {
    return readPackage(dirname(folder));
  }
}

const fault = nodeFault(process.versions.node, readPackage().devDependencies.node);
if (fault !== null) {
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}
