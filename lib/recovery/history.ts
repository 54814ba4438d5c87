import { addEnds, type HistoryEnds, type HistorySample, noEnds } from '../model/history.ts';
import type { Found } from '../storage/clean-up-places.ts';
import type { Storage } from '../storage/storage.ts';

/** What operators see of the last hours. */
export interface History {
  samples: HistorySample[];
  /** Of all processes together, by the beginning of each period in which something ended. */
  ends: ({ at: Date } & HistoryEnds)[];
  /** What the storage held when the clean-up last went through; null where it has not yet. */
  storage: Record<'inputs' | 'results', Found> | null;
}

/** The sections of the clean-up that go through a container. */
const sectionsOf = { inputs: ['uploads', 'inputs', 'lists', 'answers'], results: ['results'] } as const;

export async function readHistory(storage: Storage, since: Date): Promise<History> {
  const [samples, ends, places] = await Promise.all([
    Array.fromAsync(storage.history.samplesSince(since)),
    endsSince(storage, since),
    storage.cleanUpPlaces(),
  ]);
  const [inputs, results] = [sumOf(places.found, sectionsOf.inputs), sumOf(places.found, sectionsOf.results)];
  return { samples, ends, storage: inputs && results ? { inputs, results } : null };
}

async function endsSince(storage: Storage, since: Date): Promise<History['ends']> {
  const periods = new Map<number, { at: Date } & HistoryEnds>();
  for await (const { from, ends } of storage.history.endsSince(since)) {
    const sum = periods.get(+from) ?? { at: from, ...noEnds() };
    addEnds(sum, ends);
    periods.set(+from, sum);
  }
  return [...periods.values()].sort((a, b) => +a.at - +b.at);
}

/** As old as the oldest part; null where one is missing. */
function sumOf(found: ReadonlyMap<string, Found>, sections: readonly string[]): Found | null {
  const parts = sections.map((section) => found.get(section));
  if (parts.includes(undefined)) return null;
  return (parts as Found[]).reduce((a, b) => ({
    blobs: a.blobs + b.blobs,
    bytes: a.bytes + b.bytes,
    at: a.at < b.at ? a.at : b.at,
  }));
}
