import { z } from 'zod';
import { canvasOf, toGray } from '../vision/channels.ts';
import { count, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { drawPolygon } from '../vision/drawing.ts';
import { cv } from '../vision/opencv.ts';
import { quadAt } from '../vision/quad.ts';

const dictionaries = [
  '4X4_50',
  '4X4_250',
  '5X5_100',
  '5X5_250',
  '6X6_250',
  '7X7_250',
  'APRILTAG_36h11',
  'ARUCO_ORIGINAL',
] as const;

/** ArUco and AprilTag markers (Garrido-Jurado 2014; OpenCV `aruco::ArucoDetector`). Use it for calibration, robotics and scale in photos. */
export const aruco = defineOperation({
  name: 'aruco',
  title: 'ArUco markers',
  group: 'detection',
  summary: 'Finds square markers of the ArUco and AprilTag families, with their numbers and corners.',
  source:
    'S. Garrido-Jurado et al., Automatic generation and detection of highly reliable fiducial markers, 2014; OpenCV aruco',
  params: z.strictObject({ dictionary: z.enum(dictionaries).default('4X4_50').describe('the family of the markers') }),
  measures: z.looseObject({
    count: count('markers'),
    markers: z.array(z.object({ id: z.int(), corners: z.array(point) })),
  }),
  run({ image, scope }, { dictionary }) {
    const codes = scope.own(cv.getPredefinedDictionary(cv[`DICT_${dictionary}`]));
    const settings = scope.own(new cv.aruco_DetectorParameters());
    const refining = scope.own(new cv.aruco_RefineParameters(10, 3, true));
    const detector = scope.own(new cv.aruco_ArucoDetector(codes, settings, refining));
    const quads = scope.own(new cv.MatVector());
    const ids = scope.mat();
    detector.detectMarkers(toGray(image, scope), quads, ids);
    const markers = Array.from({ length: quads.size() }, (_, i) => ({
      id: ids.data32S[i],
      corners: quadAt(scope.own(quads.get(i)), 0),
    }));
    const canvas = canvasOf(image, scope);
    for (const { corners } of markers) drawPolygon(canvas, corners, [60, 220, 90]);
    return { image: canvas, measurements: { count: markers.length, markers } };
  },
});
