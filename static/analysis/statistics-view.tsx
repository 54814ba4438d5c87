import { numberInWords } from '../ui/words.ts';
import type { Statistics } from './statistics.ts';

export function StatisticsView({ statistics, outliers }: { statistics: Statistics; outliers: number }) {
  const { count, mean, deviation, min, lowerQuartile, median, upperQuartile, max } = statistics;
  const facts: [string, number][] = [
    ['images', count],
    ['mean', mean],
    ['standard deviation', deviation],
    ['minimum', min],
    ['lower quartile', lowerQuartile],
    ['median', median],
    ['upper quartile', upperQuartile],
    ['maximum', max],
    ['outliers', outliers],
  ];
  return (
    <dl class="statistics" aria-label="Statistics">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{Number.isNaN(value) ? '–' : numberInWords(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
