export type Rgb = readonly [red: number, green: number, blue: number];

/** Colors repeat after so many. */
export const paletteSize = 64;
/** In degrees: hues a golden angle apart differ from their neighbors in the list, however many there are. */
const goldenAngle = 137.508;
const palette = Array.from({ length: paletteSize }, (_, i) => hue((i * goldenAngle) % 360));

/** A bright color for the `index`-th of things that are to be told apart. */
export function distinctColor(index: number): Rgb {
  return palette[index % paletteSize];
}

/** The pure color of a hue in degrees (HSL with full saturation and half lightness). */
function hue(degrees: number): Rgb {
  const channel = (offset: number) => {
    const k = (offset + degrees / 30) % 12;
    return Math.round(255 * (0.5 - 0.5 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
