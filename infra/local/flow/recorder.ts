import type { Observe, Seen } from '../driver/services/observation.ts';
import { createReads } from './reads.ts';
import type { Ring } from './ring.ts';
import { cutDetail } from './shown.ts';
import type { NewStep } from './step.ts';
import { stepOf } from './steps.ts';

/**
 * Records what the stack does as steps of the ring. A read is recorded with its first effect. What
 * cannot be recorded goes to `warn`: the stack does not fail for it.
 */
export function createRecorder(ring: Ring, warn: (line: string) => void): Observe {
  const reads = createReads();

  const add = (step: NewStep) => ring.add({ ...step, detail: cutDetail(step.detail) });

  const record = (seen: Seen) => {
    const told = stepOf(seen);
    if (told === undefined) {
      return;
    }
    const step = { at: new Date().toISOString(), ...told };
    if (reads.hold(seen, step)) {
      return;
    }
    for (const read of reads.release(step.request)) {
      add(read);
    }
    add(step);
  };

  return (seen) => {
    try {
      record(seen);
    } catch (error) {
      warn(`the flow could not show ${seen.what}: ${String(error)}`);
    }
  };
}
