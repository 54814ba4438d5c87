import { readSettings } from '../lib/settings.ts';

/** The app's settings; nothing else in the functions or the library reads the environment. */
export const settings = readSettings(process.env);
