/** Counts the objects that this thread's JavaScript holds on the WASM heap. Import it before OpenCV is loaded. */
import '../../lib/imaging/engine-thread.ts';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';

let made = 0;
let deleted = 0;
let handle: { delete(): void } | undefined;

// Embind makes every handle, of whatever class and by whatever call, with this property.
const { create } = Object;
Object.create = ((prototype: object | null, properties?: PropertyDescriptorMap) => {
  // LiteRT's handles are embind's too.
  const isOurs = !handle || (prototype !== null && Object.prototype.isPrototypeOf.call(handle, prototype));
  if (properties && '$$' in properties && isOurs) made++;
  return properties ? create(prototype, properties) : create(prototype);
}) as typeof create;

await loadOpenCv();
const ours = Object.getPrototypeOf(cv.Mat.prototype) as { delete(): void };
handle = ours;
const original = ours.delete;
ours.delete = function (this: unknown) {
  deleted++;
  return original.call(this);
};

export function liveObjects(): number {
  return made - deleted;
}
