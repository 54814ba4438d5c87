/** Fails for known vulnerabilities, high or critical, of what is shipped; says so where the registry cannot tell. */
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = JSON.parse(stdout || '{}');
if (!report.metadata) {
  console.warn(`The dependencies were not audited: the registry offers no audit (${report.message ?? 'no answer'}).`);
} else {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) => /high|critical/.test(severity));
  for (const { name, severity, range } of grave) console.error(`${name} ${range}: ${severity}`);
  console.log(`Audited ${report.metadata.dependencies.prod} dependencies: ${grave.length} with grave vulnerabilities.`);
  if (grave.length > 0) process.exitCode = 1;
}
