/** What color profiles say (ICC.1:2022), as far as it tells whether pixels are sRGB, and what gray values look like. */

/** From a sample of 0…1 to linear light of 0…1. */
type Curve = (sample: number) => number;

interface Profile {
  space: string;
  description: string;
  view: DataView;
  /** Offsets of the tagged elements. */
  tags: Map<string, number>;
}

/** Up to half a level of 8 bits, profiles show the same. */
const tolerance = 0.5 / 255;
/** sRGB's primaries, adapted to D50: XYZ of red, green and blue. */
const primaries: Record<string, [number, number, number]> = {
  rXYZ: [0.4361, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7141],
};
const primaryTolerance = 0.003;

/** Whether pixels of this profile are sRGB: by its curves and primaries, or, where it is made of tables, by its name. */
export function isSrgb(icc: Uint8Array): boolean {
  return (
    guarded(icc, (profile) => {
      if (profile.space !== 'RGB ') return false;
      const curves = ['rTRC', 'gTRC', 'bTRC'].map((tag) => curveOf(profile, tag));
      if (curves.some((curve) => curve === undefined)) return profile.description.includes('sRGB');
      return curves.every((curve) => isSrgbCurve(curve as Curve)) && hasSrgbPrimaries(profile);
    }) ?? false
  );
}

/**
 * A table from a gray sample of `depth` bits to the one that looks the same in sRGB; undefined where the profile is not of
 * gray, or makes no difference.
 */
export function grayTable(icc: Uint8Array, depth: 8 | 16): Uint16Array | undefined {
  return guarded(icc, (profile) => {
    const curve = profile.space === 'GRAY' ? curveOf(profile, 'kTRC') : undefined;
    if (!curve || isSrgbCurve(curve)) return undefined;
    const top = 2 ** depth - 1;
    return Uint16Array.from({ length: top + 1 }, (_, sample) => Math.round(top * encode(curve(sample / top))));
  });
}

/** Undefined for a damaged profile, which is no reason to refuse the picture. */
function guarded<T>(icc: Uint8Array, look: (profile: Profile) => T): T | undefined {
  try {
    return look(readProfile(icc));
  } catch (error) {
    // Of a DataView, beyond the profile's end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readProfile(icc: Uint8Array): Profile {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.length);
  const tags = new Map<string, number>();
  const count = Math.min(100, view.getUint32(128));
  for (let i = 0; i < count; i++) tags.set(letters(view, 132 + 12 * i), view.getUint32(136 + 12 * i));
  // The description is ASCII in version 2, UTF-16 in version 4.
  const at = tags.get('desc');
  const text = at === undefined ? '' : new TextDecoder('latin1').decode(icc.subarray(at, at + 400));
  return { space: letters(view, 16), description: text.replaceAll('\0', ''), view, tags };
}

function letters(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

/** `curveType` and `parametricCurveType` (10.6, 10.18). */
function curveOf({ view, tags }: Profile, tag: string): Curve | undefined {
  const at = tags.get(tag);
  if (at === undefined) return undefined;
  if (letters(view, at) === 'para') return parametric(view, at);
  const count = view.getUint32(at + 8);
  if (count === 0) return (x) => x;
  if (count === 1) {
    const gamma = view.getUint16(at + 12) / 256;
    return (x) => x ** gamma;
  }
  const entry = (i: number) => view.getUint16(at + 12 + 2 * i) / 65_535;
  // One beyond the profile is found here, and not later.
  entry(count - 1);
  return (x) => {
    const position = x * (count - 1);
    const below = Math.min(count - 2, Math.floor(position));
    return entry(below) + (position - below) * (entry(below + 1) - entry(below));
  };
}

function parametric(view: DataView, at: number): Curve | undefined {
  const number = (i: number) => view.getInt32(at + 12 + 4 * i) / 65_536;
  const g = number(0);
  switch (view.getUint16(at + 8)) {
    case 0:
      return (x) => x ** g;
    case 1: {
      const [a, b] = [number(1), number(2)];
      return (x) => (x >= -b / a ? (a * x + b) ** g : 0);
    }
    case 2: {
      const [a, b, c] = [number(1), number(2), number(3)];
      return (x) => (x >= -b / a ? (a * x + b) ** g + c : c);
    }
    case 3: {
      const [a, b, c, d] = [number(1), number(2), number(3), number(4)];
      return (x) => (x >= d ? (a * x + b) ** g : c * x);
    }
    case 4: {
      const [a, b, c, d, e, f] = [number(1), number(2), number(3), number(4), number(5), number(6)];
      return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
    }
    default:
      return undefined;
  }
}

function isSrgbCurve(curve: Curve): boolean {
  for (let level = 0; level <= 255; level++) {
    const sample = level / 255;
    if (!(Math.abs(encode(curve(sample)) - sample) <= tolerance)) return false;
  }
  return true;
}

function hasSrgbPrimaries({ view, tags }: Profile): boolean {
  return Object.entries(primaries).every(([tag, xyz]) => {
    const at = tags.get(tag);
    if (at === undefined) return false;
    return xyz.every((value, i) => Math.abs(view.getInt32(at + 8 + 4 * i) / 65_536 - value) <= primaryTolerance);
  });
}

/** From linear light to sRGB's samples (IEC 61966-2-1). */
function encode(light: number): number {
  const clamped = Math.min(1, Math.max(0, light));
  return clamped <= 0.003_130_8 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
}
