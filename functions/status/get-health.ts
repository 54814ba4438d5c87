import { endpoint, json } from '../../lib/http/endpoint.ts';
import { storage } from '../storage.ts';

/** GET /api/health: 200 where tasks can be taken, 503 where the storage does not answer. */
export const getHealth = endpoint(async () => {
  await (await storage()).queue.getProperties();
  return json({ status: 'ok' });
});
