/** Numbers and times as people write them. */

export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

export function secondsInWords(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function msInWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function timeInWords(time: string): string {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return today ? `today, ${timeOfDay.format(date)}` : dayAndTime.format(date);
}

const upTo4Digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false });
const whole = new Intl.NumberFormat('en', { useGrouping: true });

/** Four significant digits are enough for a measurement; counts are shown in full. */
export function numberInWords(value: number): string {
  return Number.isInteger(value) ? whole.format(value).replaceAll(',', '\u202f') : upTo4Digits.format(value);
}

const abbreviations = /\b(dab|he|hsv|id|psnr|ransac|rgb|rms|rmse|ssim)\b/g;

/** `meanIntensity` → `mean intensity`. */
export function nameInWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`)
    .replaceAll(/[-_.]/g, ' ')
    .replaceAll(abbreviations, (word) => word.toUpperCase());
}

/** A sentence in which names of parameters stand as the forms have them. */
export function namesInWords(sentence: string): string {
  return sentence.replace(/\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g, nameInWords);
}

/** With a capital letter. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberInWords(count)} ${count === 1 ? one : many}`;
}
