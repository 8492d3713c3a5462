import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Step, StepKind } from '../client/steps.ts';
import { usePage } from './context.ts';

/** After a step, more of the same transaction follow: what shows them is read once. */
const QUIET_MS = 150;

/** What changes what the API answers. */
const changing: ReadonlySet<StepKind> = new Set(['rows', 'cache', 'event']);

/** The latest steps of the stack, and whether the stack is heard. */
export function useSteps(): { readonly steps: readonly Step[]; readonly isOpen: boolean } {
  const { feed } = usePage();
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  useEffect(() => feed.subscribe(() => render(undefined)), [feed]);
  return { steps: feed.steps(), isOpen: feed.isOpen() };
}

/** A number that grows when the stack has changed something. */
export function useChanges(): number {
  const { feed } = usePage();
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    let timer: number | undefined;
    const stop = feed.subscribe((step) => {
      if (step !== undefined && changing.has(step.kind) && timer === undefined) {
        timer = setTimeout(() => {
          timer = undefined;
          setChanges((count) => count + 1);
        }, QUIET_MS);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed]);
  return changes;
}
