/** How long a task takes to be read while 32 clients upload as fast as they can, beside how long it takes at rest. */
import { flood } from '../test/harness/flood.ts';

/** What an instance may take for requests under way, far from what uploads that wait their turn would take. */
const maxGrowthMegabytes = 300;

const { ids, reads, memory, seconds } = await flood(2000, 32, 1_000_000);
const before = p95(reads.before);
const during = p95(reads.during);
console.log(`${ids.length} uploads in ${seconds.toFixed(1)} s`);
console.log(`GET of a task, p95: ${before.toFixed(0)} ms at rest, ${during.toFixed(0)} ms under load`);
if (memory) {
  console.log(`Resident memory: ${memory.before.toFixed(0)} MB before, ${memory.peak.toFixed(0)} MB at its peak`);
  if (memory.peak - memory.before > maxGrowthMegabytes) {
    console.error(`That is more than ${maxGrowthMegabytes} MB above.`);
    process.exitCode = 1;
  }
}

function p95(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}
