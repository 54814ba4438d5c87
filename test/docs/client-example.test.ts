/** The typed client's example works as it is. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';
import { Runner } from '../harness/runner.ts';

test('it uploads an image, waits for its task and reads what was measured', async () => {
  const runner = await Runner.start();
  try {
    const example = join(projectRoot, 'clients/typescript/example.ts');
    const photo = join(projectRoot, 'test/fixtures/fruits.jpg');
    const output = execFileSync(process.execPath, [example, runner.url, photo], { encoding: 'utf8' });
    expect(output).toMatch(/^Succeeded: \d{3,} pixels are on an edge; the picture is at \/api\/tasks\/\S+\/result\n$/);
  } finally {
    await runner.stop();
  }
});
