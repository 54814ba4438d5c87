import { z } from 'zod';

/** Where something is laid on an image. */
export const positions = [
  'top-left',
  'top',
  'top-right',
  'left',
  'center',
  'right',
  'bottom-left',
  'bottom',
  'bottom-right',
] as const;

export const positionParam = z.enum(positions);

/** The top left corner of a box in an image, `margin` pixels away from the edges that it stands at. */
export function placed(
  position: (typeof positions)[number],
  box: { width: number; height: number },
  image: { cols: number; rows: number },
  margin: number,
): { x: number; y: number } {
  const index = positions.indexOf(position);
  const along = (place: number, length: number, room: number) =>
    Math.round(place === 0 ? margin : place === 1 ? (room - length) / 2 : room - length - margin);
  return { x: along(index % 3, box.width, image.cols), y: along(Math.floor(index / 3), box.height, image.rows) };
}
