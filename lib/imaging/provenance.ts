/** What a picture says about itself and the result says too: its resolution, and whose it is. Places and cameras are left out. */
import type { Metadata, Sharp } from 'sharp';
import { readText } from './tiff/text.ts';

export interface Provenance {
  /** Pixels per inch. */
  density?: number;
  copyright?: string;
  artist?: string;
}

/** EXIF and TIFF tags. */
const artistTag = 0x013b;
const copyrightTag = 0x8298;
/** Datasets of IPTC's application record (IPTC-IIM 4.2, 2:80 and 2:116). */
const bylineDataset = 80;
const copyrightDataset = 116;
/** JPEG's density where nothing is known. */
const unknownDensity = 72;
const maxDensity = 1e6;
const maxLength = 500;

/** From the metadata of an image; `file` is given of TIFF, whose own tags say it. */
export function provenanceOf({ density, exif, iptc, xmp, comments }: Metadata, file?: Uint8Array): Provenance {
  const tiff = file ?? (exif && withoutPrefix(exif));
  const text = xmp?.toString('utf8') ?? '';
  const comment = (name: string) => comments?.find(({ keyword }) => keyword === name)?.text;
  const copyright =
    xmpText(text, 'rights') ??
    (tiff && readText(tiff, copyrightTag)) ??
    iptcText(iptc, copyrightDataset) ??
    comment('Copyright');
  const artist =
    xmpText(text, 'creator') ??
    (tiff && readText(tiff, artistTag)) ??
    iptcText(iptc, bylineDataset) ??
    comment('Author');
  const isKnown = density !== undefined && density >= 1 && density <= maxDensity && density !== unknownDensity;
  return {
    ...(isKnown && { density }),
    ...(copyright && { copyright: copyright.slice(0, maxLength) }),
    ...(artist && { artist: artist.slice(0, maxLength) }),
  };
}

/** Lets the encoder write it: the resolution in the format's own field, the rest as EXIF, which is ASCII, and as XMP. */
export function withProvenance(image: Sharp, provenance: Provenance): Sharp {
  const { density, copyright, artist } = provenance;
  const tags = { ...(copyright && { Copyright: copyright }), ...(artist && { Artist: artist }) };
  if (Object.keys(tags).length > 0) image.withExif({ IFD0: tags });
  if (density !== undefined) image.withDensity(density);
  const xmp = xmpOf(provenance);
  return xmp ? image.withXmp(xmp) : image;
}

/** An XMP packet (ISO 16684-1) of copyright and artist; undefined where neither is known. */
export function xmpOf({ copyright, artist }: Provenance): string | undefined {
  if (!copyright && !artist) return undefined;
  const rights = copyright
    ? `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">${escaped(copyright)}</rdf:li></rdf:Alt></dc:rights>`
    : '';
  const creator = artist ? `<dc:creator><rdf:Seq><rdf:li>${escaped(artist)}</rdf:li></rdf:Seq></dc:creator>` : '';
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">${rights}${creator}</rdf:Description>` +
    '</rdf:RDF></x:xmpmeta>'
  );
}

/** The first item of a Dublin Core property. */
function xmpText(xmp: string, property: 'rights' | 'creator'): string | undefined {
  const start = xmp.indexOf(`<dc:${property}`);
  const end = xmp.indexOf(`</dc:${property}>`, start);
  if (start < 0 || end < 0) return undefined;
  const item = /<rdf:li[^>]*>([^<]*)</.exec(xmp.slice(start, Math.min(end, start + 4096)));
  return item ? unescaped(item[1]).trim() || undefined : undefined;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const characters = Object.fromEntries(Object.entries(entities).map(([character, entity]) => [entity, character]));

/** Without the control characters that XML has no way to write. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\x00-\x1f\x7f]/g, ' ').replace(/[&<>"']/g, (character) => entities[character]);
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => characters[entity]);
}

/** JPEG's and WebP's blocks begin with a name, PNG's do not. */
function withoutPrefix(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
}

/** A dataset of the application record, in whatever frame the file has around it. */
function iptcText(iptc: Buffer | undefined, dataset: number): string | undefined {
  const at = iptc?.indexOf(Buffer.from([0x1c, 2, dataset])) ?? -1;
  if (!iptc || at < 0 || at + 5 > iptc.length) return undefined;
  const length = iptc.readUInt16BE(at + 3);
  return iptc.toString('utf8', at + 5, at + 5 + length).trim() || undefined;
}
