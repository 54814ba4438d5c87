import { app } from '@azure/functions';
import { flushTelemetry, startTelemetry } from './telemetry.ts';

// Bodies pass through as they come: a large upload is never held whole, nor is a result.
app.setup({ enableHttpStream: true });

startTelemetry();
app.hook.appTerminate(flushTelemetry);

export { app };
