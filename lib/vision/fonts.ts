/** Glyphs of DejaVu Sans, which ships with Tessera: a server need not have fonts. */
import type { Font } from 'opentype.js';
import type { Point } from './homography.ts';
import { type FontFile, readModel } from './models.ts';

const fonts = new Map<FontFile, Font>();

/** Loads the library and the fonts, each once for a thread. */
export async function prepareFonts(files: Iterable<FontFile>): Promise<void> {
  for (const file of files) {
    if (fonts.has(file)) continue;
    const library = await import('opentype.js');
    // Node finds the build for CommonJS, whose functions are those of its default; bundlers find the other.
    const { parse } = 'parse' in library ? library : (library as { default: typeof library }).default;
    const bytes = readModel(file);
    fonts.set(file, parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer));
  }
}

function prepared(file: FontFile): Font {
  const font = fonts.get(file);
  if (!font) throw new Error(`${file} was not prepared.`);
  return font;
}

/** The first character that the font cannot show: without a glyph, or of a script whose letters change with their neighbors. */
export function unknownCharacter(file: FontFile, text: string): string | undefined {
  const font = prepared(file);
  return [...text].find(
    (character) =>
      !/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}]/u.test(character) ||
      font.charToGlyphIndex(character) === 0,
  );
}

export interface LaidOut {
  /** Of each glyph its outlines, which fill by the even-odd rule; y points down. */
  glyphs: Point[][][];
  width: number;
  height: number;
}

/** Height of a line, as a part of the font's size. */
const lineHeight = 1.2;

/** Text of one or more lines, `size` pixels to the em, its top left corner at 0, 0. */
export function layOut(file: FontFile, text: string, size: number): LaidOut {
  const font = prepared(file);
  const scale = size / font.unitsPerEm;
  const glyphs: Point[][][] = [];
  const lines = text.split('\n');
  let width = 0;
  for (const [row, line] of lines.entries()) {
    const baseline = row * lineHeight * size + font.ascender * scale;
    let x = 0;
    const letters = [...line].map((character) => font.charToGlyph(character));
    for (const [i, glyph] of letters.entries()) {
      if (i > 0) x += font.getKerningValue(letters[i - 1], glyph) * scale;
      glyphs.push(outlines(glyph.getPath(x, baseline, size).commands));
      x += (glyph.advanceWidth ?? 0) * scale;
    }
    width = Math.max(width, x);
  }
  const height = (lines.length - 1) * lineHeight * size + (font.ascender - font.descender) * scale;
  return { glyphs, width, height };
}

/** Bends are drawn as so many straight lines: at the sizes of photos nobody sees it. */
const segments = 8;

function outlines(commands: ReturnType<Font['charToGlyph']>['path']['commands']): Point[][] {
  const contours: Point[][] = [];
  for (const command of commands) {
    if (command.type === 'M') contours.push([]);
    const contour = contours.at(-1);
    if (!contour || command.type === 'Z') continue;
    const from = contour.at(-1) ?? command;
    for (let k = 1; k <= segments; k++) {
      const t = k / segments;
      if (command.type === 'Q') {
        const at = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c;
        contour.push({ x: at(from.x, command.x1, command.x), y: at(from.y, command.y1, command.y) });
      } else if (command.type === 'C') {
        const at = (a: number, b: number, c: number, d: number) =>
          (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t ** 3 * d;
        contour.push({
          x: at(from.x, command.x1, command.x2, command.x),
          y: at(from.y, command.y1, command.y2, command.y),
        });
      } else if (k === segments) {
        contour.push({ x: command.x, y: command.y });
      }
    }
  }
  return contours;
}
