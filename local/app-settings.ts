import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../lib/read-json.ts';

/**
 * Puts the `Values` of local.settings.json, or of the sample where there is none, into the environment, as the
 * Functions tools do. What is in the environment already stays. Throws an error that names the file where it is not JSON.
 */
export function loadAppSettings(root: string): void {
  const own = join(root, 'local.settings.json');
  const file = existsSync(own) ? own : join(root, 'local.settings.sample.json');
  const { Values: values = {} } = readJson(file) as { Values?: Record<string, string> };
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
}
