import { wireApi, wireApiTable, wireClockAndIds } from '../../shared/wiring.ts';

/** The dependencies of the endpoints that delete and restore projects. */
export function wireProjectDelete() {
  return { ...wireApiTable(), ...wireClockAndIds(), ...wireApi() };
}

export type ProjectDeleteDeps = ReturnType<typeof wireProjectDelete>;
