import {
  wireApi,
  wireCache,
  wireClockAndIds,
  wireDirectoryTable,
  wireSequence,
} from '../../shared/wiring.ts';

/** The dependencies of the endpoints that write teams, members and memberships. */
export function wireDirectoryWrite() {
  const stores = wireDirectoryTable();
  const cache = wireCache();
  return {
    ...stores,
    ownershipCache: cache.ownershipCache,
    ...wireClockAndIds(),
    ...wireApi(),
    sequence: wireSequence(stores, cache),
  };
}

export type DirectoryWriteDeps = ReturnType<typeof wireDirectoryWrite>;
