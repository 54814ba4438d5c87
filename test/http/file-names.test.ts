/** The names of files: whatever a client sends, they fit every file system and header. */
import { parse } from 'content-disposition';
import fc from 'fast-check';
import { entryName, fileNameFrom, inputFileName, resultFileName } from '../../lib/http/file-names.ts';
import { contentDisposition } from '../../lib/storage/links.ts';

const task = (name: string | null) => ({
  input: { name },
  steps: [{ operation: 'resize' }, { operation: 'grayscale' }],
  result: { contentType: 'image/jpeg' },
});

test.each([
  ['photo.png', 'photo.png'],
  ['../../../..evil.png', '..evil.png'],
  ['..\\..\\evil.png', 'evil.png'],
  ['/etc/passwd', 'passwd'],
  ['C:\\Users\\me\\photo.png', 'photo.png'],
  ['a\r\nSet-Cookie: b\0.png', 'aSet-Cookie: b.png'],
  ['photo\u202egnp.exe', 'photognp.exe'],
  [' photo.png. ', 'photo.png'],
  ['Münzen (alt) 日本.png', 'Münzen (alt) 日本.png'],
  ['half \ud83d.png', 'half \ufffd.png'],
  [`${'a'.repeat(254)}😀.png`, 'a'.repeat(254)],
  ['日'.repeat(200), '日'.repeat(85)],
  ['..', null],
  ['a/..', null],
  ['folder/', null],
  ['', null],
])('%j becomes %j', (given, kept) => {
  expect(fileNameFrom(given)).toBe(kept);
});

test('a result is named by its image, its last operation and its type', () => {
  expect(resultFileName(task('coins.png'))).toBe('coins-grayscale.jpg');
  expect(resultFileName(task('archive.tar.gz'))).toBe('archive.tar-grayscale.jpg');
  expect(resultFileName(task('.png'))).toBe('image-grayscale.jpg');
  expect(resultFileName(task(null))).toBe('image-grayscale.jpg');
  expect(inputFileName({ name: null })).toBe('image');
});

test('in an archive it has its index, and only characters that every system takes', () => {
  expect(entryName(7, task('../../x?y:z.png'))).toBe('000007-x_y_z-grayscale.jpg');
  expect(entryName(0, task('日'.repeat(85)))).toMatch(/^000000-日+-grayscale\.jpg$/);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(fc.constantFrom('..', '/', '\\', '\ud83d', '\ude00', '😀', 'a', ':', '\0', '"', '%41'), { maxLength: 300 })
    .map((parts) => parts.join('')),
);

test('every name is one part of a path, well-formed, and at most 255 bytes', () => {
  fc.assert(
    fc.property(anyText, fc.nat(99_999), (text, index) => {
      for (const name of [
        fileNameFrom(text) ?? 'x',
        inputFileName({ name: text }),
        resultFileName(task(text)),
        entryName(index, task(text)),
      ]) {
        expect(name.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/[\\/\p{Cc}]|^\.*$/u);
      }
      expect(fileNameFrom(fileNameFrom(text) ?? '')).toBe(fileNameFrom(text));
    }),
  );
});

test('tasks of one job never share an entry of its archive', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(99_999), { minLength: 2, maxLength: 20 }), anyText, (indices, text) => {
      expect(new Set(indices.map((index) => entryName(index, task(text)))).size).toBe(indices.length);
    }),
  );
});

test('Content-Disposition carries every name, and nothing but it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const header = contentDisposition('attachment', text);
      expect(header).toMatch(/^[\x20-\x7e]*$/);
      expect(parse(header)).toMatchObject({ type: 'attachment', parameters: { filename: text.toWellFormed() } });
    }),
  );
});
