/** The attributes that a picture needs (DICOM PS3.3 C.7.6.3, C.8.8.3, C.11.1, C.11.2), with tag and VR. No other element's value is looked at, the patient's above all. */
export const attributes = {
  SamplesPerPixel: [0x0028_0002, 'US'],
  PhotometricInterpretation: [0x0028_0004, 'CS'],
  PlanarConfiguration: [0x0028_0006, 'US'],
  NumberOfFrames: [0x0028_0008, 'IS'],
  Rows: [0x0028_0010, 'US'],
  Columns: [0x0028_0011, 'US'],
  PixelSpacing: [0x0028_0030, 'DS'],
  BitsAllocated: [0x0028_0100, 'US'],
  BitsStored: [0x0028_0101, 'US'],
  HighBit: [0x0028_0102, 'US'],
  PixelRepresentation: [0x0028_0103, 'US'],
  PixelPaddingValue: [0x0028_0120, 'US'],
  WindowCenter: [0x0028_1050, 'DS'],
  WindowWidth: [0x0028_1051, 'DS'],
  RescaleIntercept: [0x0028_1052, 'DS'],
  RescaleSlope: [0x0028_1053, 'DS'],
  VOILUTFunction: [0x0028_1056, 'CS'],
  RedPaletteColorLookupTableDescriptor: [0x0028_1101, 'US'],
  GreenPaletteColorLookupTableDescriptor: [0x0028_1102, 'US'],
  BluePaletteColorLookupTableDescriptor: [0x0028_1103, 'US'],
  RedPaletteColorLookupTableData: [0x0028_1201, 'OW'],
  GreenPaletteColorLookupTableData: [0x0028_1202, 'OW'],
  BluePaletteColorLookupTableData: [0x0028_1203, 'OW'],
  SegmentedRedPaletteColorLookupTableData: [0x0028_1221, 'OW'],
  SegmentedGreenPaletteColorLookupTableData: [0x0028_1222, 'OW'],
  SegmentedBluePaletteColorLookupTableData: [0x0028_1223, 'OW'],
  ModalityLUTSequence: [0x0028_3000, 'SQ'],
  LUTDescriptor: [0x0028_3002, 'US'],
  LUTData: [0x0028_3006, 'OW'],
  VOILUTSequence: [0x0028_3010, 'SQ'],
  PixelMeasuresSequence: [0x0028_9110, 'SQ'],
  FrameVOILUTSequence: [0x0028_9132, 'SQ'],
  PixelValueTransformationSequence: [0x0028_9145, 'SQ'],
  DoseGridScaling: [0x3004_000e, 'DS'],
  SharedFunctionalGroupsSequence: [0x5200_9229, 'SQ'],
  PerFrameFunctionalGroupsSequence: [0x5200_9230, 'SQ'],
  ExtendedOffsetTable: [0x7fe0_0001, 'OV'],
  FloatPixelData: [0x7fe0_0008, 'OF'],
  DoubleFloatPixelData: [0x7fe0_0009, 'OD'],
  PixelData: [0x7fe0_0010, 'OW'],
} as const;

export type Attribute = keyof typeof attributes;

/** The attributes' VRs by tag. */
export const wanted: ReadonlyMap<number, string> = new Map(Object.values(attributes));

/** Elements that a search for intact ones can stop at: few bytes look like them by chance. */
export function isLandmark(tag: number, vr: string, length: number | null): boolean {
  if (tag === attributes.PixelData[0]) return vr === '' || vr === 'OW' || vr === 'OB';
  return wanted.get(tag) === 'US' && length === 2 && (vr === '' || vr === 'US');
}
