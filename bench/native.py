"""Native OpenCV, one thread, for bench/operations.ts: reads a JSON job a line, answers with its times in milliseconds.

A job is {"operation", "params", "image", "reference"?, "format"}; images are paths. Prints {} once it is ready.
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


OPERATIONS = {
    "canny": lambda image, _: cv2.Canny(gray(image), 100, 200),
    "watershed": watershed,
    "feature-matching": feature_matching,
    "face-detection": face_detection,
    "grayscale": lambda image, _: gray(image),
    "gaussian-blur": lambda image, _: cv2.GaussianBlur(image, (5, 5), 0),
    "median-blur": lambda image, _: cv2.medianBlur(image, 5),
}


def equalize(image, _):
    planes = list(cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb)))
    planes[0] = cv2.equalizeHist(planes[0])
    return cv2.cvtColor(cv2.merge(planes), cv2.COLOR_YCrCb2BGR)


OPERATIONS["equalize"] = equalize


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
