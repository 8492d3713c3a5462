import { wireCache, wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What the updates of issues work with. */
export function wireGroupUpdate() {
  return {
    ...wireTable(),
    ...wireCache(),
    ...wireChance(),
    ...wireTelemetry(),
  };
}

export type GroupUpdateDeps = ReturnType<typeof wireGroupUpdate>;
