import { readHostConfig } from '../lib/config/host-config.ts';
import { readSettings } from '../lib/config/settings.ts';
import { projectRoot } from '../lib/project-root.ts';

/** The app's settings; nothing else in the functions or the library reads the environment. */
export const settings = readSettings(process.env);

/** The host's settings, as host.json and the environment give them. */
export const host = readHostConfig(projectRoot, process.env);
