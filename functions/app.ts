import { app } from '@azure/functions';

// Bodies pass through as they come: a large upload is never held whole, nor is a result.
app.setup({ enableHttpStream: true });

export { app };
