/** Runs Tessera on one machine; `--help` lists the options. */
import './check-node.js';

// Not before it is known that this Node has what the runner imports.
const { run } = await import('./runner.ts');
await run(process.argv.slice(2));
