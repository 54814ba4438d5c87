"""What scikit-image's usual pipelines find in an image: `counting` gives a label image (uint16, raw), `spots` a JSON list,
`denoising` the image (uint8, raw).

    /usr/bin/python3 scikit.py counting|spots|denoising image.png

Needs Debian's python3-skimage (0.19).
"""
import json
import sys

import numpy as np
from scipy import ndimage
from skimage import feature, filters, io, measure, morphology, restoration, segmentation


def counting(image):
    """Otsu's threshold of the smoothed image, distance map, h-maxima as seeds, watershed in the mask."""
    smooth = filters.gaussian(image, 1.5, preserve_range=True)
    mask = smooth > filters.threshold_otsu(smooth)
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if border.mean() > 0.5:
        mask = ~mask
    distance = ndimage.distance_transform_edt(mask)
    seeds = measure.label(morphology.h_maxima(distance, 1))
    labels = segmentation.watershed(-distance, seeds, mask=mask)
    sys.stdout.buffer.write(labels.astype(np.uint16).tobytes())


def denoising(image):
    """Non-local means with the estimated noise, as in scikit-image's example."""
    channels = {"multichannel": True}
    scaled = image / 255
    sigma = np.mean(restoration.estimate_sigma(scaled, **channels))
    clean = restoration.denoise_nl_means(
        scaled, h=0.6 * sigma, sigma=sigma, fast_mode=True, patch_size=5, patch_distance=6, **channels
    )
    sys.stdout.buffer.write(np.clip(np.rint(clean * 255), 0, 255).astype(np.uint8).tobytes())


def spots(image):
    """blob_log over the same range of diameters as the operation."""
    low, high = float(sys.argv[3]), float(sys.argv[4])
    found = feature.blob_log(
        image / 255, min_sigma=low / 2 / 2**0.5, max_sigma=high / 2 / 2**0.5, num_sigma=10, threshold=0.1
    )
    json.dump([{"x": c, "y": r, "diameter": 2 * s * 2**0.5} for r, c, s in found], sys.stdout)


image = io.imread(sys.argv[2])
if sys.argv[1] == "denoising":
    denoising(image)
else:
    # The synthetic images are gray, and saved as RGB.
    {"counting": counting, "spots": spots}[sys.argv[1]](image if image.ndim == 2 else image[..., 0])
