import type { Seen } from '../driver/services/observation.ts';
import type { NewStep } from './step.ts';

/** How many requests that have only read are remembered, in case one has an effect. */
const MAX_HELD = 200;
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The requests that have done nothing but read. They are no steps of the flow, which a page that
 * reads along would fill with its own, until something follows from one.
 */
export function createReads() {
  const held = new Map<string, NewStep[]>();

  return {
    /** Holds back a request to read, and its answer; returns whether it did. */
    hold(seen: Seen, step: NewStep): boolean {
      if (seen.what === 'request' && READING.has(seen.method)) {
        held.set(seen.id, [step]);
        const [oldest] = held.keys();
        if (held.size > MAX_HELD && oldest !== undefined) {
          held.delete(oldest);
        }
        return true;
      }
      const steps = seen.what === 'answer' ? held.get(seen.id) : undefined;
      steps?.push(step);
      return steps !== undefined;
    },
    /** The steps of a request that were held back, now that it has an effect. */
    release(request: string | null): readonly NewStep[] {
      const steps = held.get(request ?? '') ?? [];
      held.delete(request ?? '');
      return steps;
    },
  };
}
