/** DICOM files, made here. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { data } = require('dcmjs');
const codecs = require('dcmjs-codecs');

/** Transfer syntax UIDs by name. */
export const transferSyntaxes: Record<string, string> = codecs.constants.TransferSyntax;

export interface DicomInit {
  width: number;
  height: number;
  samples: Int16Array | Uint16Array | Uint8Array;
  /** Further elements, by keyword. */
  elements?: Record<string, unknown>;
  transferSyntax?: string;
}

const explicitLittleEndian = transferSyntaxes.ExplicitVRLittleEndian;

/** A file whose patient is called Secret^Person. */
export async function dicomFile({
  width,
  height,
  samples,
  elements,
  transferSyntax,
}: DicomInit): Promise<Buffer<ArrayBuffer>> {
  const bits = 8 * samples.BYTES_PER_ELEMENT;
  const dataset = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: '1.2.3',
    PatientName: 'Secret^Person',
    Rows: height,
    Columns: width,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: samples instanceof Int16Array ? 1 : 0,
    PixelData: samples.buffer,
    _vrMap: { PixelData: 'OW' },
    ...elements,
  };
  const { denaturalizeDataset } = data.DicomMetaDictionary;
  const file = new data.DicomDict(
    denaturalizeDataset({
      TransferSyntaxUID: explicitLittleEndian,
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    }),
  );
  file.dict = denaturalizeDataset(dataset);
  const plain: ArrayBuffer = file.write();
  if (transferSyntax === undefined || transferSyntax === explicitLittleEndian) return Buffer.from(plain);
  await codecs.NativeCodecs.initializeAsync();
  const transcoder = new codecs.Transcoder(plain);
  transcoder.transcode(transferSyntax);
  return Buffer.from(transcoder.getDicomPart10());
}

export type FrameCodec = 'Rle' | 'Jpeg' | 'JpegLs' | 'Jpeg2000' | 'HtJpeg2000';

/** One compressed frame, as pixel data hold it. */
export async function encodeFrame(
  codec: FrameCodec,
  { width, height, samples }: Pick<DicomInit, 'width' | 'height' | 'samples'>,
  { bitsStored = 8 * samples.BYTES_PER_ELEMENT, color = false, ...params }: Record<string, unknown> = {},
): Promise<Uint8Array> {
  if (!codecs.NativeCodecs.isInitialized()) await codecs.NativeCodecs.initializeAsync();
  const context = new codecs.Context({
    width,
    height,
    bitsAllocated: 8 * samples.BYTES_PER_ELEMENT,
    bitsStored,
    samplesPerPixel: color ? 3 : 1,
    pixelRepresentation: samples instanceof Int16Array ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: color ? 'RGB' : 'MONOCHROME2',
    decodedBuffer: new Uint8Array(samples.buffer),
  });
  return codecs.NativeCodecs[`encode${codec}`](context, params).getEncodedBuffer();
}
