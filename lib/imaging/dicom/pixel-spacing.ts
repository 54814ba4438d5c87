import type { FilePixelSize } from '../../vision/pixel-size.ts';
import type { DataSet } from './data-set.ts';

/** PixelSpacing in millimeters: first the distance between rows, then that between columns (PS3.3 10.7.1.3). Of enhanced objects, that of the frame or of all. */
export function pixelSpacing(dataSet: DataSet, index: number): FilePixelSize | undefined {
  const own = dataSet.item('PerFrameFunctionalGroupsSequence', index)?.item('PixelMeasuresSequence');
  const shared = dataSet.item('SharedFunctionalGroupsSequence')?.item('PixelMeasuresSequence');
  const [y, x] = (own ?? shared ?? dataSet).numbers('PixelSpacing');
  const isLength = (value: number | undefined) => value !== undefined && Number.isFinite(value) && value > 0;
  return isLength(x) && isLength(y) ? { x, y, unit: 'mm', from: 'DICOM PixelSpacing' } : undefined;
}
