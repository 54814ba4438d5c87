/** Statistics of a measure, against Python's. */
import { binsOf, isOutlier, type Statistics, statisticsOf } from '../../static/analysis/statistics.ts';

test('quartiles, deviation and fences are those of Python', () => {
  // statistics.quantiles(…, method='inclusive') and statistics.stdev
  const statistics = statisticsOf([100, 2, 17, 3, 13, 5, 11, 7]) as Statistics;
  expect(statistics).toMatchObject({
    count: 8,
    mean: 19.75,
    min: 2,
    lowerQuartile: 4.5,
    median: 9,
    upperQuartile: 14,
    max: 100,
  });
  expect(statistics.deviation).toBeCloseTo(32.8318, 4);
  expect(statistics.fences).toEqual([4.5 - 14.25, 14 + 14.25]);
  expect([100, 17, null].map((value) => isOutlier(value, statistics))).toEqual([true, false, false]);
});

test('of nothing there are none, and of one value no deviation', () => {
  expect(statisticsOf([])).toBeNull();
  expect(statisticsOf([4])).toMatchObject({ median: 4, deviation: Number.NaN, fences: [4, 4] });
});

test.each([
  ['whole numbers', [1, 1, 2, 3, 3, 3, 9]],
  ['fractions', [0.1, 0.15, 0.2, 0.7, 0.72, 0.9]],
  ['one value', [5, 5, 5]],
  ['an outlier far away', [...Array.from({ length: 200 }, (_, i) => i % 7), 1e6]],
])('each value is in one bin: %s', (_, values) => {
  const bins = binsOf(values, statisticsOf(values) as Statistics);
  expect(bins.counts.reduce((sum, count) => sum + count)).toBe(values.length);
  expect(bins.counts.length).toBeLessThanOrEqual(61);
  for (const [bin, count] of bins.counts.entries()) {
    const last = bin === bins.counts.length - 1;
    const within = values.filter(
      (value) => value >= bins.starts[bin] && (last || value < bins.starts[bin] + bins.width),
    );
    expect(within).toHaveLength(count);
  }
});
