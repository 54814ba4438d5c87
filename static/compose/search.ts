/** Finding operations and presets by what people call them. */

/** What people look for, and what does it, best first. A preset is named `preset:…`. */
const wordsOf: readonly (readonly [string, string])[] = [
  [
    'count counting number how many cells particles grains objects',
    'watershed measure-objects connected-components contours preset:cell-count spots filter-objects preset:nuclei-by-stain',
  ],
  [
    'blur faces face blur pixelate censor anonymize anonymise privacy hide gdpr redact',
    'redact-faces redact preset:anonymize',
  ],
  ['blur soften smooth', 'gaussian-blur box-blur median-blur bilateral'],
  [
    'scan scanner document page paper receipt',
    'preset:document-scan perspective deskew even-illumination adaptive-threshold',
  ],
  ['compress smaller file size shrink reduce scale thumbnail small megabytes', 'preset:thumbnail resize quantize'],
  ['remove background cut out cutout transparent isolate mask object', 'grab-cut in-range k-means'],
  ['heatmap heat map false color colormap thermal jet', 'color-map distance-transform'],
  ['ocr text read letters words', 'preset:document-scan deskew adaptive-threshold even-illumination'],
  ['perspective skew keystone straighten warp homography', 'perspective deskew feature-matching'],
  ['straighten level rotate turn upright crooked tilt', 'deskew rotate'],
  ['noise grain grainy clean speckle', 'denoise median-blur bilateral'],
  ['sharp sharper crisp unblur deblur focus', 'sharpen laplacian'],
  ['black and white monochrome gray grey bw', 'grayscale threshold adaptive-threshold'],
  [
    'binary binarize binarise mask otsu',
    'threshold adaptive-threshold multi-otsu local-threshold hysteresis-threshold',
  ],
  ['negative', 'invert'],
  ['vintage old', 'sepia'],
  ['contrast x-ray xray ct mri radiograph fog haze', 'clahe window-level equalize preset:x-ray-contrast'],
  ['brighten darken exposure dark bright light', 'brightness-contrast gamma even-illumination'],
  ['shadow shadows uneven vignette illumination', 'even-illumination top-hat flat-field rolling-ball'],
  ['colour color cast tint warm', 'white-balance hue-saturation'],
  ['mirror', 'flip'],
  ['trim border margin crop', 'auto-crop crop'],
  ['compare changes diff difference change detection similar', 'difference feature-matching register'],
  ['align stitch registration overlay match', 'register feature-matching'],
  ['find same object logo template', 'template-matching feature-matching'],
  ['scratch scratches repair retouch watermark restore', 'inpaint'],
  ['people person pedestrian human', 'people face-detection'],
  ['faces eyes face portrait', 'face-detection redact-faces'],
  ['barcode ean upc product', 'barcode qr-code'],
  ['qr', 'qr-code'],
  ['marker apriltag', 'aruco'],
  ['drawing sketch cartoon line art pencil', 'preset:edge-sketch canny'],
  ['outline outlines edge edges', 'canny contours sobel'],
  ['circle circles round coins', 'hough-circles watershed'],
  ['line lines straight', 'hough-lines'],
  ['measure size area length diameter', 'measure-objects contours watershed filter-objects'],
  [
    'histology pathology stain staining he ihc hematoxylin haematoxylin eosin dab deconvolution unmix',
    'stain-unmixing channel preset:nuclei-by-stain split-channels',
  ],
  ['channel channels rgb fluorescence dapi gfp composite split merge', 'channel split-channels merge-channels'],
  ['spot dot foci fish vesicle colony star blob blobs log particle', 'spots h-maxima'],
  ['background gel blot western haze subtract', 'rolling-ball flat-field even-illumination'],
  ['debris clump filter roundness circularity solidity shape', 'filter-objects'],
  ['auto contrast stretch normalize normalise percentile rescale 12-bit', 'rescale equalize clahe'],
  ['peak maxima minima seed', 'h-maxima spots'],
  ['palette main colors dominant posterize', 'quantize k-means'],
  ['exif dicom 16-bit window', 'window-level'],
];

export interface Searchable {
  name: string;
  title: string;
  summary: string;
  group?: string;
  source?: string;
}

/** How well it fits the words; 0: not at all. `key` is what `wordsOf` calls it. */
export function fit({ name, title, summary, group = '', source = '' }: Searchable, key: string, words: string): number {
  const wanted = words.trim().toLowerCase().replace(/\s+/g, ' ');
  if (wanted === '') return 1;
  const parts = wanted.split(' ');
  const own = title.toLowerCase();
  let best = Math.max(synonymFit(key, wanted, parts), 0);
  if (own === wanted || name === wanted) best = Math.max(best, 100);
  else if (own.startsWith(wanted) || name.startsWith(wanted)) best = Math.max(best, 90);
  else if (parts.every((part) => own.includes(part))) best = Math.max(best, 80);
  const text = `${name} ${title} ${group} ${summary} ${source}`.toLowerCase();
  if (parts.every((part) => text.includes(part))) best = Math.max(best, 20);
  return best;
}

/** By the place in its list: what people mean most comes first. */
function synonymFit(key: string, wanted: string, parts: readonly string[]): number {
  let best = 0;
  for (const [said, meant] of wordsOf) {
    const place = meant.split(' ').indexOf(key);
    if (place < 0) continue;
    const known = said.split(' ');
    const covered = parts.every((part) =>
      known.some((word) => word === part || (part.length > 2 && word.startsWith(part))),
    );
    // The more exactly the list is about these words, the higher.
    if (covered) best = Math.max(best, (said.startsWith(wanted) ? 88 : 70) - place);
  }
  return best;
}
