import { wireApi, wireClockAndIds, wireOperationApiTable } from '../../shared/wiring.ts';

/** The dependencies of the endpoints of operations over many issues. */
export function wireOperations() {
  return { ...wireOperationApiTable(), ...wireClockAndIds(), ...wireApi() };
}

export type OperationsDeps = ReturnType<typeof wireOperations>;
