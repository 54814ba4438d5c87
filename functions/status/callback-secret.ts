import { CallbackSecrets } from '../../lib/callbacks/secrets.ts';
import * as calls from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const getCallbackSecret = endpoint(calls.getCallbackSecret, async ({ owner }) =>
  json({ secret: await new CallbackSecrets(await storage()).current(owner) }),
);

export const replaceCallbackSecret = endpoint(calls.replaceCallbackSecret, async ({ owner }) =>
  json({ secret: await new CallbackSecrets(await storage()).replace(owner) }),
);
