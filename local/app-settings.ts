import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts the `Values` of local.settings.json, or of the sample where there is none, into the environment, as the
 * Functions tools do. What is in the environment already stays.
 */
export function loadAppSettings(root: string): void {
  const own = join(root, 'local.settings.json');
  const file = existsSync(own) ? own : join(root, 'local.settings.sample.json');
  const { Values: values = {} } = JSON.parse(readFileSync(file, 'utf8')) as { Values?: Record<string, string> };
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
}
