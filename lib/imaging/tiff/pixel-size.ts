import type { FilePixelSize } from '../../vision/pixel-size.ts';
import type { TiffDirectory } from './directory.ts';

/** Resolutions that programs write where they know of none, in pixels an inch. */
const unknownResolutions = [1, 72, 96];
const unitsOfResolution: Record<number, { millimeters: number; perInch: number }> = {
  2: { millimeters: 25.4, perInch: 1 },
  3: { millimeters: 10, perInch: 2.54 },
};
/** Names of the micrometer in ImageJ's files. */
const micrometers = ['micron', 'microns', 'um', '\\u00B5m', '\u00B5m', '\u03BCm'];

/**
 * The size of a pixel: of OME-XML, else as ImageJ writes it, else of the page's resolution, but for those of screens, which
 * say nothing. `first` is the first page, whose description speaks for all.
 */
export function tiffPixelSize(page: TiffDirectory, first: TiffDirectory = page): FilePixelSize | undefined {
  const { description = '' } = first;
  return fromOme(description) ?? fromImageJ(description, page) ?? fromResolution(page);
}

/** OME data model 2016-06, `Pixels`: the unit is micrometers where none is named. */
function fromOme(description: string): FilePixelSize | undefined {
  const element = /<(?:\w+:)?Pixels\b[^>]*>/.exec(description)?.[0];
  if (!element) return undefined;
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(element)?.[1];
  const x = Number(attribute('PhysicalSizeX'));
  const unit = attribute('PhysicalSizeXUnit') ?? '\u00B5m';
  const y = Number(attribute('PhysicalSizeY') ?? x);
  const sameUnit = (attribute('PhysicalSizeYUnit') ?? '\u00B5m') === unit || attribute('PhysicalSizeY') === undefined;
  return sameUnit ? sized(x, y, unitName(unit), 'OME-XML') : undefined;
}

/** ImageJ writes the unit in the description, and pixels per unit as the resolution. */
function fromImageJ(description: string, { resolution }: TiffDirectory): FilePixelSize | undefined {
  if (!description.startsWith('ImageJ=') || !resolution) return undefined;
  const unit = /^unit=(.+)$/m.exec(description)?.[1].trim();
  if (!unit || /^pixels?$/.test(unit)) return undefined;
  return sized(1 / resolution.x, 1 / resolution.y, unitName(unit), 'ImageJ');
}

function fromResolution({ resolution, resolutionUnit }: TiffDirectory): FilePixelSize | undefined {
  const unit = unitsOfResolution[resolutionUnit];
  if (!resolution || !unit) return undefined;
  const inch = resolution.x * unit.perInch;
  if (unknownResolutions.some((none) => Math.abs(inch - none) < 0.5)) return undefined;
  return sized(unit.millimeters / resolution.x, unit.millimeters / resolution.y, 'mm', 'TIFF resolution');
}

function unitName(unit: string): string {
  return micrometers.includes(unit) ? '\u00B5m' : unit.slice(0, 20);
}

function sized(x: number, y: number, unit: string, from: FilePixelSize['from']): FilePixelSize | undefined {
  const isLength = (value: number) => Number.isFinite(value) && value > 0;
  return isLength(x) && isLength(y) && unit !== '' ? { x: rounded(x), y: rounded(y), unit, from } : undefined;
}

/** A quotient of whole numbers has digits that nobody measured. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
