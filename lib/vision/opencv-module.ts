/** OpenCV's module, in a box: it has a method `then`, and a promise that was given it, or its namespace, would never end. */
import module from '@techstark/opencv-js';

export const opencv: { module: unknown } = { module };
