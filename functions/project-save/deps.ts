import {
  wireCache,
  wireChance,
  wireSequence,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

/** What projects are saved with. */
export function wireProjectSave() {
  const stores = wireTable();
  return {
    ...stores,
    ...wireChance(),
    ...wireTelemetry(),
    sequence: wireSequence(stores, wireCache()),
  };
}

export type ProjectSaveDeps = ReturnType<typeof wireProjectSave>;
