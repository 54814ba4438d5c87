/** What the tasks are to do, and how they must end. */

export interface Work {
  image: string;
  reference?: string;
  operation: string;
  state: 'Succeeded' | 'Failed';
}

export const works: Work[] = [
  { image: 'coins.png', operation: 'canny', state: 'Succeeded' },
  { image: 'coins.png', operation: 'watershed', state: 'Succeeded' },
  { image: 'box_in_scene.png', reference: 'box.png', operation: 'feature-matching', state: 'Succeeded' },
  { image: 'fruits.jpg', operation: 'gaussian-blur', state: 'Succeeded' },
  { image: 'fruits.jpg', operation: 'equalize', state: 'Succeeded' },
  { image: 'astronaut.png', operation: 'face-detection', state: 'Succeeded' },
  { image: 'truncated.jpg', operation: 'canny', state: 'Failed' },
];
