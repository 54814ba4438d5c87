"""Native OpenCV, one thread, for bench/operations.ts: reads a JSON job a line, answers with its times in milliseconds.

A job is {"operation", "image", "reference"?, "format"}; images are paths. Each operation does what ours does with the parameters of the
bench, as a Python programmer writes it with OpenCV and NumPy. Prints {} once it is ready.
"""
import json
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
CASCADE = cv2.CascadeClassifier(sys.argv[1])


def gray(image):
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def watershed(image, _):
    _, binary = cv2.threshold(gray(image), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    kernel = np.ones((3, 3), np.uint8)
    opened = cv2.morphologyEx(binary, cv2.MORPH_OPEN, kernel, iterations=2)
    reach = cv2.dilate(opened, kernel, iterations=3)
    distance = cv2.distanceTransform(opened, cv2.DIST_L2, 5)
    _, seeds = cv2.threshold(distance, 0.5 * distance.max(), 255, 0)
    seeds = np.uint8(seeds)
    _, markers = cv2.connectedComponents(seeds)
    markers = markers + 1
    markers[cv2.subtract(reach, seeds) == 255] = 0
    markers = cv2.watershed(image, markers)
    image[markers == -1] = (0, 0, 255)
    return image


def feature_matching(image, reference):
    orb = cv2.ORB_create(2000)
    ka, da = orb.detectAndCompute(gray(image), None)
    kb, db = orb.detectAndCompute(gray(reference), None)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(da, db, 2)
    good = [m for m, n in pairs if m.distance < 0.75 * n.distance]
    a = np.float32([ka[m.queryIdx].pt for m in good])
    b = np.float32([kb[m.trainIdx].pt for m in good])
    cv2.findHomography(a, b, cv2.RANSAC, 4)
    return cv2.drawMatches(image, ka, reference, kb, sorted(good, key=lambda m: m.distance)[:100], None)


def face_detection(image, _):
    for x, y, w, h in CASCADE.detectMultiScale(gray(image), 1.1, 5):
        cv2.rectangle(image, (x, y), (x + w, y + h), (0, 255, 0), 2)
    return image


def equalize(image, _):
    planes = list(cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb)))
    planes[0] = cv2.equalizeHist(planes[0])
    return cv2.cvtColor(cv2.merge(planes), cv2.COLOR_YCrCb2BGR)


def on_lightness(change):
    """Changes L of CIE Lab alone."""

    def run(image, _):
        planes = list(cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2LAB)))
        planes[0] = change(planes[0])
        return cv2.cvtColor(cv2.merge(planes), cv2.COLOR_LAB2BGR)

    return run


def gradient(derivative):
    def run(image, _):
        g = gray(image)
        return cv2.convertScaleAbs(cv2.magnitude(derivative(g, 1, 0), derivative(g, 0, 1)))

    return run


def laplacian(image, _):
    second = cv2.Laplacian(gray(image), cv2.CV_32F, ksize=3)
    cv2.meanStdDev(second)
    return cv2.convertScaleAbs(second)


def morphology(operation, size):
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return lambda image, _: cv2.morphologyEx(image, operation, element)


def table(value):
    values = np.clip(np.rint(value(np.arange(256.0))), 0, 255).astype(np.uint8)
    return lambda image, _: cv2.LUT(image, values)


def otsu(image):
    return cv2.threshold(gray(image), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]


def sharpen(image, _):
    """An unsharp mask without halos, as our default is."""
    sharp = cv2.addWeighted(image, 2, cv2.GaussianBlur(image, (0, 0), 1.5), -1, 0)
    around = np.ones((7, 7), np.uint8)
    return cv2.max(cv2.min(sharp, cv2.dilate(image, around)), cv2.erode(image, around))


def even_illumination(lightness):
    scale = 400 / max(lightness.shape)
    small = cv2.resize(lightness, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (33, 33))
    small = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, element), 33)
    background = cv2.resize(small, lightness.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return cv2.divide(lightness, background, scale=255)


def rolling_ball(lightness):
    """The nearest that OpenCV has: the opening by a disc of a reduced image."""
    small = cv2.resize(lightness, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    opened = cv2.morphologyEx(small, cv2.MORPH_OPEN, element)
    background = cv2.resize(opened, lightness.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.subtract(lightness, cv2.min(background, lightness))


def hue_saturation(image, _):
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV_FULL)
    identity = np.arange(256, dtype=np.uint8)
    hsv = cv2.LUT(hsv, np.dstack([identity, identity, identity]))
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR_FULL)


def color_cluster(count):
    def run(image, _):
        pixels = image.reshape(-1, 3)
        samples = np.float32(pixels[:: max(1, len(pixels) // 20000)])
        criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
        _, _, centers = cv2.kmeans(samples, count, None, criteria, 3, cv2.KMEANS_PP_CENTERS)
        # The nearest center of each cell of six bits a channel, then a look-up for each pixel.
        levels = np.arange(64, dtype=np.float32) * 4 + 2
        cells = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 3)
        nearest = ((cells[:, None] - centers[None]) ** 2).sum(2).argmin(1).astype(np.uint8)
        b, g, r = (image[:, :, i] >> 2 for i in range(3))
        labels = nearest[(b.astype(np.int32) << 12) | (g.astype(np.int32) << 6) | r]
        return np.uint8(centers)[labels]

    return run


def stain_unmixing(image, _):
    absorbance = np.float32(-np.log(np.maximum(np.arange(256) / 255, 1e-6)))
    densities = cv2.LUT(image, absorbance)
    weights = np.float32([[-0.57, -1.0, 1.88], [-0.13, 1.14, -0.07], [1.57, -0.49, -0.6]])
    amounts = cv2.max(cv2.transform(densities, weights), 0)
    cv2.mean(amounts)
    return np.uint8(255 * (1 - cv2.exp(-amounts[:, :, 0])) + 0.5)


def local_threshold(image, _):
    g = np.float32(gray(image))
    mean = cv2.boxFilter(g, -1, (25, 25))
    deviation = cv2.sqrt(cv2.max(cv2.sqrBoxFilter(g, -1, (25, 25)) - mean * mean, 0))
    return np.uint8(g > mean * (1 + 0.2 * (deviation / 127.5 - 1))) * 255


def histogram(image, _):
    for channel in range(3):
        cv2.calcHist([image], [channel], None, [256], [0, 256])
    return np.zeros((300, 512, 3), np.uint8)


def white_balance(image, _):
    means = cv2.mean(image)[:3]
    values = np.arange(256.0)
    tables = [np.clip(np.rint(values * (sum(means) / 3 / mean)), 0, 255).astype(np.uint8) for mean in means]
    return cv2.LUT(image, np.dstack(tables))


def guided(image, _):
    def plane(p):
        p = np.float32(p)
        mean = cv2.blur(p, (9, 9))
        variance = cv2.max(cv2.blur(p * p, (9, 9)) - mean * mean, 0)
        a = variance / (variance + 144)
        b = cv2.blur((1 - a) * mean, (9, 9))
        return cv2.convertScaleAbs(cv2.blur(a, (9, 9)) * p + b)

    return cv2.merge([plane(p) for p in cv2.split(image)])


def difference(image, reference):
    apart = cv2.absdiff(image, reference)
    cv2.norm(apart, cv2.NORM_L2)
    a, b = np.float32(gray(image)), np.float32(gray(reference))
    blur = lambda p: cv2.GaussianBlur(p, (11, 11), 1.5)
    ma, mb, sa, sb, both = blur(a), blur(b), blur(a * a), blur(b * b), blur(a * b)
    over = (2 * ma * mb + 6.5025) * (2 * (both - ma * mb) + 58.5225)
    (over / ((ma * ma + mb * mb + 6.5025) * (sa - ma * ma + sb - mb * mb + 58.5225))).mean()
    return cv2.convertScaleAbs(apart)


def flat_field(image, reference):
    shot, flat = np.float32(image) / 255, np.float32(reference) / 255
    flat = cv2.max(flat, 1e-3)
    return cv2.convertScaleAbs(cv2.divide(shot, flat, scale=float(flat.mean())), alpha=255)


def merge_channels(image, reference):
    first, second = gray(image), gray(reference)
    nothing = np.zeros_like(first)
    return cv2.add(cv2.merge([nothing, first, nothing]), cv2.merge([second, nothing, second]))


def connected_components(image, _):
    count, labels, stats, _ = cv2.connectedComponentsWithStats(otsu(image))
    colors = np.random.default_rng(1).integers(0, 255, (count, 3), np.uint8)
    return colors[labels]


def contours(image, _):
    found, _ = cv2.findContours(otsu(image), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(image, found, -1, (0, 255, 0), 2)


def distance_transform(image, _):
    return cv2.normalize(cv2.distanceTransform(otsu(image), cv2.DIST_L2, 5), None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)


def fill_holes(image, _):
    binary = otsu(image)
    outside = cv2.copyMakeBorder(cv2.bitwise_not(binary), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    cv2.floodFill(outside, None, (0, 0), 0)
    return binary | outside[1:-1, 1:-1]


def corners(image, _):
    for [[x, y]] in cv2.goodFeaturesToTrack(gray(image), 200, 0.01, 10):
        cv2.circle(image, (int(x), int(y)), 9, (70, 70, 255), 3, cv2.LINE_AA)
    return image


def hough_lines(image, _):
    lines = cv2.HoughLinesP(cv2.Canny(gray(image), 50, 150), 1, np.pi / 180, 80, minLineLength=40, maxLineGap=5)
    for [[a, b, c, d]] in lines if lines is not None else []:
        cv2.line(image, (a, b), (c, d), (0, 255, 0), 2)
    return image


def grab_cut(image, _):
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.uint8)
    rect = (w // 20, h // 20, w * 9 // 10, h * 9 // 10)
    cv2.grabCut(image, mask, rect, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_RECT)
    image[mask & 1 == 0] = 255
    return image


def perspective(image, _):
    h, w = image.shape[:2]
    a = np.float32([[0.1 * w, 0.1 * h], [0.9 * w, 0.05 * h], [0.95 * w, 0.9 * h], [0.05 * w, 0.95 * h]])
    b = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    matrix = cv2.getPerspectiveTransform(a, b)
    return cv2.warpPerspective(image, matrix, (w, h), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def rotate(image, _):
    h, w = image.shape[:2]
    cos, sin = np.cos(np.radians(10)), np.sin(np.radians(10))
    width, height = int(np.ceil(w * cos + h * sin)), int(np.ceil(w * sin + h * cos))
    matrix = cv2.getRotationMatrix2D(((w - 1) / 2, (h - 1) / 2), -10, 1)
    matrix[:, 2] += (width - w) / 2, (height - h) / 2
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def temperature_tint(image, _):
    linear = cv2.LUT(image, np.float32((np.arange(256) / 255) ** 2.2))
    balanced = cv2.transform(linear, np.float32([[1.1, 0.02, 0.01], [0.01, 1, 0.02], [0.01, 0.02, 0.8]]))
    encoded = np.uint8(255 * (np.arange(8193) / 8192) ** (1 / 2.2) + 0.5)
    return encoded[np.int32(np.clip(balanced, 0, 1) * 8192)]


SEPIA = np.float32([[0.131, 0.534, 0.272], [0.168, 0.686, 0.349], [0.189, 0.769, 0.393]])
EMBOSS = np.float32([[-1.41, -0.71, 0], [-0.71, 1, 0.71], [0, 0.71, 1.41]])
SHARP = np.float32([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
CLAHE = cv2.createCLAHE(2, (8, 8))

OPERATIONS = {
    "canny": lambda image, _: cv2.Canny(gray(image), 100, 200),
    "watershed": watershed,
    "feature-matching": feature_matching,
    "face-detection": face_detection,
    "grayscale": lambda image, _: gray(image),
    "gaussian-blur": lambda image, _: cv2.GaussianBlur(image, (5, 5), 0),
    "median-blur": lambda image, _: cv2.medianBlur(image, 5),
    "equalize": equalize,
    "box-blur": lambda image, _: cv2.blur(image, (5, 5)),
    "bilateral": lambda image, _: cv2.bilateralFilter(image, 9, 50, 5),
    "sharpen": sharpen,
    "denoise": guided,
    "emboss": lambda image, _: cv2.filter2D(image, -1, EMBOSS),
    "custom-kernel": lambda image, _: cv2.filter2D(image, -1, SHARP),
    "sobel": gradient(lambda g, x, y: cv2.Sobel(g, cv2.CV_32F, x, y, ksize=3)),
    "scharr": gradient(lambda g, x, y: cv2.Scharr(g, cv2.CV_32F, x, y, scale=0.25)),
    "laplacian": laplacian,
    "corners": corners,
    "hough-lines": hough_lines,
    "erode": morphology(cv2.MORPH_ERODE, 3),
    "dilate": morphology(cv2.MORPH_DILATE, 3),
    "open": morphology(cv2.MORPH_OPEN, 5),
    "close": morphology(cv2.MORPH_CLOSE, 5),
    "morphological-gradient": morphology(cv2.MORPH_GRADIENT, 3),
    "top-hat": morphology(cv2.MORPH_TOPHAT, 25),
    "black-hat": morphology(cv2.MORPH_BLACKHAT, 25),
    "threshold": lambda image, _: otsu(image),
    "adaptive-threshold": lambda image, _: cv2.adaptiveThreshold(
        gray(image), 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 31, 10
    ),
    "local-threshold": local_threshold,
    "in-range": lambda image, _: cv2.inRange(cv2.cvtColor(image, cv2.COLOR_BGR2HSV), (0, 60, 60), (179, 255, 255)),
    "connected-components": connected_components,
    "contours": contours,
    "distance-transform": distance_transform,
    "fill-holes": fill_holes,
    "grab-cut": grab_cut,
    "k-means": color_cluster(4),
    "quantize": color_cluster(8),
    "clahe": on_lightness(CLAHE.apply),
    "even-illumination": on_lightness(even_illumination),
    "rolling-ball": on_lightness(rolling_ball),
    "brightness-contrast": table(lambda v: (v - 127.5) * 1.2 + 140),
    "gamma": table(lambda v: 255 * (v / 255) ** 2),
    "curves": table(lambda v: v**1.1),
    "color-map": lambda image, _: cv2.applyColorMap(gray(image), cv2.COLORMAP_VIRIDIS),
    "invert": lambda image, _: cv2.bitwise_not(image),
    "sepia": lambda image, _: cv2.transform(image, SEPIA),
    "hue-saturation": hue_saturation,
    "white-balance": white_balance,
    "temperature-tint": temperature_tint,
    "stain-unmixing": stain_unmixing,
    "channel": lambda image, _: cv2.extractChannel(image, 1),
    "split-channels": lambda image, _: cv2.hconcat(cv2.split(image)),
    "histogram": histogram,
    "resize": lambda image, _: cv2.resize(image, (800, 600), interpolation=cv2.INTER_AREA),
    "resize up": lambda image, _: cv2.resize(image, None, fx=1.2, fy=1.2, interpolation=cv2.INTER_CUBIC),
    "rotate": lambda image, _: cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE),
    "rotate by 10°": rotate,
    "flip": lambda image, _: cv2.flip(image, 1),
    "perspective": perspective,
    "blend": lambda image, reference: cv2.addWeighted(image, 0.5, reference, 0.5, 0),
    "difference": difference,
    "flat-field": flat_field,
    "merge-channels": merge_channels,
    "qr-code": lambda image, _: (cv2.QRCodeDetector().detectAndDecodeMulti(image), image)[1],
}


def run(job):
    files = [np.fromfile(job[k], np.uint8) for k in ("image", "reference") if job.get(k)]
    t0 = time.perf_counter()
    images = [cv2.imdecode(file, cv2.IMREAD_COLOR) for file in files]
    t1 = time.perf_counter()
    result = OPERATIONS[job["operation"]](images[0], images[1] if len(images) > 1 else None)
    t2 = time.perf_counter()
    options = [cv2.IMWRITE_JPEG_QUALITY, 90] if job["format"] == ".jpg" else []
    cv2.imencode(job["format"], result, options)
    t3 = time.perf_counter()
    return {"decodeMs": (t1 - t0) * 1e3, "processMs": (t2 - t1) * 1e3, "encodeMs": (t3 - t2) * 1e3}


print("{}", flush=True)
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
