/** `npm test`: all but the suites that take long. */
import config from './jest.config.js';
import { longSuites } from './test/harness/suites.js';

export default { ...config, testPathIgnorePatterns: ['/node_modules/', ...longSuites] };
