import { run } from '../harness/run.ts';

test('a QR code is read', async () => {
  const { measured } = await run('qr-code', 'qr.png');
  expect(measured.codes).toMatchObject([{ text: 'https://example.org/tessera?id=42' }]);
  expect((await run('qr-code', 'coins.png')).measured.count).toBe(0);
});
