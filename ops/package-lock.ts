/** The part of a lock file (version 3) that some of its packages need. */
export interface PackageLock {
  name: string;
  version: string;
  lockfileVersion: number;
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/** Locks the dependencies of a package to the versions that `whole` has, with all that these need. */
export function lockOf(
  whole: PackageLock,
  manifest: { name: string; version: string; dependencies: object },
): PackageLock {
  const found = new Map<string, LockedPackage>();
  const waiting = Object.keys(manifest.dependencies).map((name) => ({ name, from: '' }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const path = pathOf(whole, next.name, next.from);
    if (path === undefined || found.has(path)) continue;
    // What only development needs is marked so in the whole.
    const { dev: _, devOptional: __, peer: ___, ...locked } = whole.packages[path] as LockedPackage;
    found.set(path, locked);
    const { dependencies, optionalDependencies } = locked;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) waiting.push({ name, from: path });
  }
  const { name, version, lockfileVersion } = { ...whole, ...manifest };
  const own = { name, version, dependencies: manifest.dependencies };
  const packages = Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { name, version, lockfileVersion, packages: { '': own as LockedPackage, ...packages } };
}

/** Where Node finds a package that is imported from another: in its own folder, or the nearest above. */
function pathOf({ packages }: PackageLock, name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}
