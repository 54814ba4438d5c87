/** `npm run chaos`: proves on this machine that nothing is lost. */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    instances: { type: 'string', default: '3' },
    'kill-every': { type: 'string', default: '4' },
    outage: { type: 'string', default: '20' },
    plain: { type: 'boolean', default: false },
    timeout: { type: 'string', default: '900' },
  },
});
const started = Date.now();
const report = await runChaos({
  tasks: Number(values.tasks),
  instances: Number(values.instances),
  killEverySeconds: Number(values['kill-every']),
  outageSeconds: Number(values.outage),
  hostLike: !values.plain,
  timeoutSeconds: Number(values.timeout),
  say: (line) => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`),
});
const { faults, recoveries, ...facts } = report;
const worst = recoveries.length > 0 ? Math.max(...recoveries).toFixed(0) : 'no';
console.log(
  `${JSON.stringify(facts)}; ${recoveries.length} tasks of killed instances ran again, the last after ${worst} s.`,
);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'Nothing was lost, and nothing was done twice.' : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
