/** Large photos with faces whose place and size are known: the astronaut's, pasted into photos without any. */
import sharp, { type OverlayOptions } from 'sharp';
import { fixture } from './fixtures.ts';
import { randomFrom } from './synthetic.ts';

export interface CollageFace {
  x: number;
  y: number;
  /** Side of the box around the face, as BlazeFace draws it. */
  size: number;
}

export interface Collage {
  image: Buffer;
  faces: CollageFace[];
}

/** The face in astronaut.png, and the part around it that is pasted with it. */
const face = { x: 177, y: 66, size: 95 };
const around = { left: 122, top: 0, width: 206, height: 206 };

export interface CollageOptions {
  width: number;
  height: number;
  count: number;
  /** Sides of the smallest and the largest face, in pixels. */
  size: [min: number, max: number];
  /** Faces are turned by up to so many degrees. */
  angle?: number;
  /** Brightness, 1 as it is. */
  light?: number;
  seed?: number;
}

export async function collage({
  width,
  height,
  count,
  size,
  angle = 0,
  light = 1,
  seed = 1,
}: CollageOptions): Promise<Collage> {
  const random = randomFrom(seed);
  const background = sharp(fixture('fruits.jpg')).resize(width, height, { fit: 'cover' });
  const columns = Math.ceil(Math.sqrt((count * width) / height));
  const cell = { width: width / columns, height: height / Math.ceil(count / columns) };
  const faces: CollageFace[] = [];
  const pasted: OverlayOptions[] = [];
  for (let i = 0; i < count; i++) {
    const side = size[0] + ((size[1] - size[0]) * i) / Math.max(1, count - 1);
    const scale = side / face.size;
    const part = Math.round(around.width * scale);
    const turned = (2 * random() - 1) * angle;
    let input = await sharp(fixture('astronaut.png')).extract(around).resize(part, part).toBuffer();
    if (turned !== 0)
      input = await sharp(input)
        .ensureAlpha()
        .rotate(turned, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
        .png()
        .toBuffer();
    const { width: w = part, height: h = part } = await sharp(input).metadata();
    const left = Math.round((i % columns) * cell.width + random() * Math.max(0, cell.width - w));
    const top = Math.round(Math.floor(i / columns) * cell.height + random() * Math.max(0, cell.height - h));
    pasted.push({ input, left, top });
    // The face's center keeps its place beside the part's center, turned with it.
    const dx = (face.x + face.size / 2 - around.left - around.width / 2) * scale;
    const dy = (face.y + face.size / 2 - around.top - around.height / 2) * scale;
    const [cos, sin] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)];
    const center = { x: left + w / 2 + dx * cos - dy * sin, y: top + h / 2 + dx * sin + dy * cos };
    faces.push({ x: center.x - side / 2, y: center.y - side / 2, size: side });
  }
  const whole = await background.composite(pasted).raw().toBuffer({ resolveWithObject: true });
  const dimmed = light === 1 ? whole.data : whole.data.map((value) => value * light);
  const { width: w, height: h, channels } = whole.info;
  return {
    image: await sharp(dimmed, { raw: { width: w, height: h, channels } })
      .jpeg({ quality: 92 })
      .toBuffer(),
    faces,
  };
}

/** How many of the faces have a box around their center that is neither half nor twice their size, and how many boxes are none of theirs. */
export function found(faces: CollageFace[], boxes: { x: number; y: number; width: number; height: number }[]) {
  const matches = (face: CollageFace, box: (typeof boxes)[number]) => {
    const [x, y] = [face.x + face.size / 2, face.y + face.size / 2];
    const inside = x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
    return inside && box.width > face.size / 2 && box.width < face.size * 2.2;
  };
  return {
    found: faces.filter((face) => boxes.some((box) => matches(face, box))).length,
    false: boxes.filter((box) => !faces.some((face) => matches(face, box))).length,
  };
}
