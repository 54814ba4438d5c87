import { getHealth as call } from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const getHealth = endpoint(call, async () => {
  await (await storage()).taskQueue.getProperties();
  return json({ status: 'ok' });
});
