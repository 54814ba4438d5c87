import { statSync } from 'node:fs';
import { weightOf } from './suites.js';

/** Runs the heavy suites first, so that none of them is the last, while a core has nothing to do. */
export default class HeavyFirst {
  sort(tests) {
    const sorted = tests.map((test) => ({ test, weight: weightOf(test.path), size: statSync(test.path).size }));
    return sorted.sort((a, b) => b.weight - a.weight || b.size - a.size).map(({ test }) => test);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
