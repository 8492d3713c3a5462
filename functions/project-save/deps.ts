import {
  wireApi,
  wireCache,
  wireClockAndIds,
  wireProjectTable,
  wireSequence,
} from '../../shared/wiring.ts';

/** The dependencies of the endpoints that create and update projects. */
export function wireProjectSave() {
  const stores = wireProjectTable();
  const cache = wireCache();
  return {
    ...stores,
    ownershipCache: cache.ownershipCache,
    ...wireClockAndIds(),
    ...wireApi(),
    sequence: wireSequence(stores, cache),
  };
}

export type ProjectSaveDeps = ReturnType<typeof wireProjectSave>;
