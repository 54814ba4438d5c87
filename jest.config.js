export default {
  // Tests run in bare Node, which strips the types itself: no transform, no VM context, so WASM, workers and ESM are the real ones.
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/test/harness/quiet-log.ts', '<rootDir>/test/harness/time-limits.ts'],
  globalSetup: '<rootDir>/test/harness/shared/start.ts',
  globalTeardown: '<rootDir>/test/harness/shared/stop.ts',
  testSequencer: '<rootDir>/test/harness/heavy-first.js',
  // Suites wait for runners and browsers half of their time: with four at once, two cores are busy.
  maxWorkers: 4,
};
