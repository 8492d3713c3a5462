/**
 * A circuit breaker, as plain states. After a failure the process does not use the cache for a
 * while, and then sends one probe. Other uses wait for the probe; a request does not wait for a
 * probe that has been running longer than the request may wait at all.
 */
export type Circuit =
  | { readonly state: 'closed' }
  | { readonly state: 'open'; readonly sinceMs: number; readonly untilMs: number }
  | { readonly state: 'probing'; readonly sinceMs: number };

/** What a use of the cache has to do: run, run as the probe, wait for the probe, or fail. */
export type Admission = 'go' | 'probe' | 'wait' | 'refuse';

/** The state of a new process, and of one without a connection: the next use is the probe. */
export const untestedCircuit: Circuit = { state: 'open', sinceMs: 0, untilMs: 0 };

/**
 * @param nowMs the clock that the states were written by. One that went back ends the rest early.
 * @param longestWaitMs how old a probe may be that is worth waiting for
 */
export function admit(circuit: Circuit, nowMs: number, longestWaitMs: number): Admission {
  switch (circuit.state) {
    case 'closed':
      return 'go';
    case 'open':
      return nowMs < circuit.untilMs && nowMs >= circuit.sinceMs ? 'refuse' : 'probe';
    case 'probing':
      return nowMs - circuit.sinceMs < longestWaitMs ? 'wait' : 'refuse';
  }
}

/** Opens the circuit: the next probe is due after `restMs`. */
export function openCircuit(nowMs: number, restMs: number): Circuit {
  return { state: 'open', sinceMs: nowMs, untilMs: nowMs + restMs };
}
