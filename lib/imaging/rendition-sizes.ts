/** Which images browsers show as they are, and which have renditions. */

/** The longest side of a thumbnail, in pixels. */
export const thumbnailSide = 320;
/** Smaller images are their own thumbnails. */
export const smallSide = 640;
export const smallBytes = 64 * 2 ** 10;

/** The longest side of a rendition, in pixels. */
export const renditionSide = 2048;
/** Larger images take too long to load. */
export const largeSide = 4096;
export const largeBytes = 4 * 2 ** 20;
