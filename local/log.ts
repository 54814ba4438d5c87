/** Writes a line of the runner's or of a function's. */
export type Log = (level: string, message: string) => void;

const shown = new Set(['information', 'warning', 'error', 'critical']);

/** To standard output, warnings and worse to standard error; the levels below are left out. */
export const consoleLog: Log = (level, message) => {
  if (!shown.has(level)) return;
  const stream = level === 'information' ? process.stdout : process.stderr;
  stream.write(`${new Date().toISOString()} ${level} ${message}\n`);
};
