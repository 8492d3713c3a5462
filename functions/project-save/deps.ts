import {
  wireCache,
  wireClockAndIds,
  wireSequence,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

/** The dependencies of the endpoints that create and update projects. */
export function wireProjectSave() {
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

export type ProjectSaveDeps = ReturnType<typeof wireProjectSave>;
