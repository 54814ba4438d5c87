import { getHealth as call } from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { PauseSwitch } from '../../lib/instances/pause.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const getHealth = endpoint(call, async () => {
  return json({ status: 'ok', pausedSince: await new PauseSwitch(await storage()).since() });
});
