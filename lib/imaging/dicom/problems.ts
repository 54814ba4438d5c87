import { type Problem, problem } from '../../problems.ts';

/** The file is damaged. */
export function corrupt(reason: string): Problem {
  return problem('corrupt-image', `The DICOM file cannot be decoded: ${reason}.`);
}

/** The file is sound, and its picture of a kind that is not read. */
export function unsupported(reason: string): Problem {
  return problem('unsupported-image', `The DICOM file cannot be shown: ${reason}.`);
}
