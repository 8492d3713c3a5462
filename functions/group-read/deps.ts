import { wireApi, wireCache, wireClockAndIds, wireTable } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that read issues. */
export function wireGroupRead() {
  return { ...wireTable(), ...wireCache(), ...wireClockAndIds(), ...wireApi() };
}

export type GroupReadDeps = ReturnType<typeof wireGroupRead>;
