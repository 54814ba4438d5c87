import { app } from '@azure/functions';
import { flushHistory, recordHistory } from './history.ts';
import { logInInvocations } from './invocation-log.ts';
import { flushTelemetry, startTelemetry } from './telemetry.ts';

// Bodies pass through as they come: a large upload is never held whole, nor is a result.
app.setup({ enableHttpStream: true });

logInInvocations(app);

startTelemetry();
recordHistory();
app.hook.appTerminate(async () => void (await Promise.all([flushTelemetry(), flushHistory()])));

export { app };
