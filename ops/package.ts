/**
 * Makes what is deployed, in `dist/package` and as `dist/package.zip`: the functions in a few files, the libraries that cannot be put into them, for
 * Linux on x64 with glibc, whatever this machine is. Nothing is to be built or installed in Azure. Prints size and time to load.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { rolldown } from 'rolldown';
import { roles } from '../lib/config/settings.ts';
import { engineVersion } from '../lib/imaging/engine-version.ts';
import { projectRoot, version } from '../lib/project-root.ts';
import { lockOf, type PackageLock } from './package-lock.ts';

const out = join(projectRoot, 'dist/package');
const entries = ['upload', 'process', 'status'];

/**
 * Libraries that stay files of their own: the first, as the host gives it a module of its own; those that load other files of theirs; and
 * those of WebAssembly or machine code.
 */
const external = [
  '@azure/functions',
  '@litertjs/core',
  '@mediapipe/face_detection',
  '@mediapipe/selfie_segmentation',
  '@techstark/opencv-js',
  'dejavu-fonts-ttf',
  'dcmjs-codecs',
  'piscina',
  'sharp',
];

/** What the platform of Flex Consumption is; npm asks here, also where `azd` runs it. */
const npmrc = ['os=linux', 'cpu=x64', 'libc=glibc', 'omit=dev', 'ignore-scripts=true', 'audit=false', 'fund=false'];
/**
 * Never read in Azure: what is for people, builds of WebAssembly for browsers that do not share a thread, or wait otherwise, and
 * what dcmjs names as its dependencies and has in its build already. Their package.json stays: to npm they are installed.
 */
const unused = [
  'node_modules/**/*.{d.ts,d.mts,d.cts,map,md,markdown}',
  'node_modules/@litertjs/core/wasm/*_{jspi,threaded}_*',
  'node_modules/@mediapipe/*/*solution*',
  'node_modules/@mediapipe/selfie_segmentation/*_landscape.tflite',
  'node_modules/dejavu-fonts-ttf/ttf/!(DejaVuSans|DejaVuSans-Bold).ttf',
  'node_modules/dejavu-fonts-ttf/{fontconfig,*.txt}',
  'node_modules/{@babel/runtime-corejs3,core-js-pure,gl-matrix}/!(package.json)',
  'node_modules/dcmjs/build/dcmjs.{es,min}.js',
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await bundle();
writeManifest();
npm('ci', '--prefer-offline');
for (const file of globSync(unused, { cwd: out })) rmSync(join(out, file), { recursive: true, force: true });
for (const name of ['host.json', 'presets', 'assets'])
  cpSync(join(projectRoot, name), join(out, name), { recursive: true });
cpSync(join(projectRoot, 'dist/kernels.wasm'), join(out, 'dist/kernels.wasm'));
const { files, bytes, zipped } = zip();
console.info(`dist/package: ${files} files, ${megabytes(bytes)} MB; dist/package.zip: ${megabytes(zipped)} MB`);
for (const role of roles) console.info(`${role}: loaded in ${timeToLoad(role)} ms here`);

/** All in one folder: the threads' file is found beside the code that starts them. */
async function bundle(): Promise<void> {
  const input = {
    ...Object.fromEntries(entries.map((name) => [name, join(projectRoot, `functions/${name}/index.ts`)])),
    'engine-thread': join(projectRoot, 'lib/imaging/engine-thread.ts'),
  };
  const isExternal = new RegExp(`^(?:node:|(?:${external.join('|')})(?:/|$))`);
  const bundler = await rolldown({ input, external: isExternal, platform: 'node' });
  const { output } = await bundler.write({
    dir: join(out, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  const imported = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : []));
  const unknown = imported.filter(
    (name) => !isExternal.test(name) && !isBuiltin(name) && !output.some(({ fileName }) => fileName === name),
  );
  if (unknown.length > 0) throw new Error(`The bundle needs what the package has not: ${unknown.join(', ')}`);
}

/** An npm project of its own: installing it again, as `azd` does, changes nothing. */
function writeManifest(): void {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as PackageLock;
  const manifest = {
    name: 'tessera',
    version,
    private: true,
    type: 'module',
    main: `dist/{${entries.join()}}.js`,
    engineVersion: engineVersion(),
    dependencies: Object.fromEntries(external.map((name) => [name, lock.packages[`node_modules/${name}`]?.version])),
  };
  writeFileSync(join(out, 'package.json'), json(manifest));
  writeFileSync(join(out, 'package-lock.json'), json(lockOf(lock, manifest)));
  writeFileSync(join(out, '.npmrc'), `${npmrc.join('\n')}\n`);
}

function npm(...args: string[]): void {
  const { status, error } = spawnSync('npm', args, { cwd: out, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed.`, { cause: error });
}

function zip() {
  const names = globSync('**/*', { cwd: out }).filter((name) => statSync(join(out, name)).isFile());
  const content: Zippable = Object.fromEntries(
    [...names, '.npmrc'].map((name) => [name.replaceAll('\\', '/'), readFileSync(join(out, name))]),
  );
  const zipped = zipSync(content, { level: 6 });
  writeFileSync(join(projectRoot, 'dist/package.zip'), zipped);
  const bytes = Object.values(content).reduce((sum, file) => sum + (file as Uint8Array).length, 0);
  return { files: names.length, bytes, zipped: zipped.length };
}

/** From the start of Node until the functions of a role are registered; in Azure fetching the package and the host come before it. */
function timeToLoad(role: string): number {
  const times = [1, 2, 3].map(() => {
    const env = { ...process.env, TESSERA_ROLE: role, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'time-to-load.ts'), out],
      { env },
    );
    if (status !== 0) throw new Error(String(stderr));
    return Number(stdout);
  });
  return Math.min(...times);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
