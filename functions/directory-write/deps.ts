import {
  wireCache,
  wireClockAndIds,
  wireSequence,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

/** What teams, members and memberships are written with. */
export function wireDirectoryWrite() {
  const stores = wireTable();
  const cache = wireCache();
  return {
    ...stores,
    ownershipCache: cache.ownershipCache,
    ...wireClockAndIds(),
    ...wireTelemetry(),
    sequence: wireSequence(stores, cache),
  };
}

export type DirectoryWriteDeps = ReturnType<typeof wireDirectoryWrite>;
