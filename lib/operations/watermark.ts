import { z } from 'zod';
import { canvasOf } from '../vision/channels.ts';
import { box, count as countOf } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { overlay } from '../vision/overlay.ts';
import { placed, positionParam } from '../vision/placement.ts';
import type { Scope } from '../vision/scope.ts';

/** Lays the second image, with its transparency, on the first. Use it for logos, as marks of origin. */
export const watermark = defineOperation({
  name: 'watermark',
  title: 'Watermark',
  group: 'overlay',
  summary: 'Lays a logo, the second image, on the picture; its transparency is heeded.',
  source: 'W3C Compositing and Blending, source-over',
  inputs: ['image', 'reference'],
  referenceAlpha: 'kept',
  params: z.strictObject({
    position: positionParam.default('bottom-right').describe('where it stands'),
    width: percent(1, 100).default(20).describe('width of the logo, relative to that of the image'),
    margin: percent(0, 50).default(3).describe('space to the edges, relative to the shorter side'),
    opacity: percent(0, 100).default(60).describe('100 hides what is behind the logo'),
    tiled: z.boolean().default(false).describe('repeat it over the whole image, the margin apart'),
  }),
  measures: z.looseObject({ count: countOf('copies of the mark'), box }),
  run({ image, reference, scope }, { position, width, margin, opacity, tiled }) {
    const { logo, mask } = scaled(reference, Math.max(1, Math.round((width / 100) * image.cols)), scope);
    const space = (margin / 100) * Math.min(image.cols, image.rows);
    const canvas = canvasOf(image, scope);
    const at = placed(position, { width: logo.cols, height: logo.rows }, image, tiled ? 0 : space);
    const [right, down] = [logo.cols + Math.round(space), logo.rows + Math.round(space)];
    const first = { x: tiled ? (at.x % right) - right : at.x, y: tiled ? (at.y % down) - down : at.y };
    const last = tiled ? { x: image.cols, y: image.rows } : at;
    let count = 0;
    for (let y = first.y; y <= last.y; y += down) {
      for (let x = first.x; x <= last.x; x += right) {
        const isSeen = x < image.cols && y < image.rows && x + logo.cols > 0 && y + logo.rows > 0;
        if (isSeen) count++;
        overlay(canvas, logo, mask, { x, y }, opacity / 100);
      }
    }
    return { image: canvas, measurements: { count, box: { ...at, width: logo.cols, height: logo.rows } } };
  },
});

/** The picture in RGB and its opacity, `width` pixels across. Colors are mixed as far as they show, so that none bleeds in from where nothing does. */
function scaled(picture: Mat, width: number, scope: Scope): { logo: Mat; mask: Mat } {
  const height = Math.max(1, Math.round((picture.rows * width) / picture.cols));
  const size = new cv.Size(width, height);
  const method = width < picture.cols ? cv.INTER_AREA : cv.INTER_LINEAR;
  const [logo, mask] = [scope.mat(), scope.mat()];
  if (picture.channels() !== 4) {
    cv.resize(picture, logo, size, 0, 0, method);
    const rgb = canvasOf(logo, scope);
    return { logo: rgb, mask: scope.own(new cv.Mat(height, width, cv.CV_8UC1, new cv.Scalar(255))) };
  }
  const [color, opacity, weights] = [scope.mat(), scope.mat(), scope.mat()];
  const planes = scope.own(new cv.MatVector());
  cv.split(picture, planes);
  scope.own(planes.get(3)).convertTo(opacity, cv.CV_32F, 1 / 255);
  cv.cvtColor(picture, color, cv.COLOR_RGBA2RGB);
  color.convertTo(color, cv.CV_32F);
  cv.cvtColor(opacity, weights, cv.COLOR_GRAY2RGB);
  cv.multiply(color, weights, color);
  cv.resize(color, color, size, 0, 0, method);
  cv.resize(weights, weights, size, 0, 0, method);
  cv.resize(opacity, opacity, size, 0, 0, method);
  cv.max(weights, scope.own(new cv.Mat(height, width, cv.CV_32FC3, new cv.Scalar(1e-6, 1e-6, 1e-6))), weights);
  cv.divide(color, weights, color);
  color.convertTo(logo, cv.CV_8U);
  opacity.convertTo(mask, cv.CV_8U, 255);
  return { logo, mask };
}
