/** Choices and values of the API as people write them. */
import { sentence } from './words.ts';

/** Names that are not words. */
const names: Record<string, string> = {
  akaze: 'AKAZE',
  blazeface: 'BlazeFace',
  dab: 'DAB',
  haar: 'Haar cascade',
  hsl: 'HSL',
  hsv: 'HSV',
  lab: 'Lab',
  'navier-stokes': 'Navier–Stokes',
  niblack: 'Niblack',
  orb: 'ORB',
  otsu: 'Otsu',
  ransac: 'RANSAC',
  rgb: 'RGB',
  sauvola: 'Sauvola',
  telea: 'Telea',
  yen: 'Yen',
};

/** A choice of a parameter. */
export function optionInWords(option: string | number): string {
  if (option === 'auto') return 'Automatic';
  return names[option] ?? sentence(String(option).replaceAll('-', ' '));
}

/** A value that may be a choice, or any other text, which stays as it is. */
export function textInWords(text: string): string {
  return text === 'auto' ? 'automatic' : (names[text] ?? text);
}
