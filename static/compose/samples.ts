/** Images to try it with, each with a step that suits it. */
import { images, pickImages, pickReference, removeAllImages } from './images.ts';
import samples from './samples.json';
import { addStep, steps } from './state.ts';

export type Sample = (typeof samples)[number];
export { samples };

export function sampleUrl(file: string): string {
  return `samples/${file}`;
}

export async function takeSample({ file, operations, ...sample }: Sample): Promise<void> {
  const [image, reference] = await Promise.all([fetchSample(file), fetchSample(sample.reference)]);
  if (images.value.length === 1) removeAllImages();
  if (image) await pickImages([image]);
  if (reference) await pickReference(reference);
  if (steps.value.length === 0) for (const operation of operations) addStep(operation);
}

async function fetchSample(file: string | undefined) {
  if (file === undefined) return null;
  const response = await fetch(sampleUrl(file));
  if (!response.ok) throw new Error(`The sample ${file} is not there.`);
  const blob = await response.blob();
  return { file: new File([blob], file, { type: blob.type }), path: file, isSample: true as const };
}
