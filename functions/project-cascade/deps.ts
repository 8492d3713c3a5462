import { wireCache, wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

/** The dependencies of project-cascade. */
export function wireProjectCascade() {
  return { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireConsumer() };
}

export type ProjectCascadeDeps = ReturnType<typeof wireProjectCascade>;
