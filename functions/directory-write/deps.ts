import {
  wireCache,
  wireChance,
  wireSequence,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

/** What teams, members and memberships are written with. */
export function wireDirectoryWrite() {
  const stores = wireTable();
  return {
    ...stores,
    ...wireChance(),
    ...wireTelemetry(),
    sequence: wireSequence(stores, wireCache()),
  };
}

export type DirectoryWriteDeps = ReturnType<typeof wireDirectoryWrite>;
