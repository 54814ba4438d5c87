import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('an EAN-13 barcode is read', async () => {
  const { measured } = await run('barcode', await ean13('4006381333931'));
  expect(measured.codes).toMatchObject([{ text: '4006381333931', type: 'EAN_13' }]);
});

/** Modules of an EAN-13 code (ISO/IEC 15420), drawn with a quiet zone. */
function ean13(digits: string): Promise<Buffer> {
  const left = [
    '0001101',
    '0011001',
    '0010011',
    '0111101',
    '0100011',
    '0110001',
    '0101111',
    '0111011',
    '0110111',
    '0001011',
  ];
  const parity = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL'][
    Number(digits[0])
  ];
  const right = (digit: string) => left[Number(digit)].replace(/[01]/g, (bit) => (bit === '0' ? '1' : '0'));
  const mirrored = (digit: string) => [...right(digit)].reverse().join('');
  const first = [...digits.slice(1, 7)]
    .map((digit, i) => (parity[i] === 'L' ? left[Number(digit)] : mirrored(digit)))
    .join('');
  const modules = `101${first}01010${[...digits.slice(7)].map(right).join('')}101`;
  const bars = [...modules].flatMap((bit, i) =>
    bit === '1' ? [{ x: 60 + 4 * i, y: 50, width: 4, height: 150, value: 0 }] : [],
  );
  return drawing(120 + 4 * modules.length, 250, 255, bars);
}
