import { Heading } from '../parts/heading.tsx';
import { useSteps } from '../parts/use-feed.ts';
import { flowsOf } from './group-steps.ts';
import { Sequence } from './sequence.tsx';

/** So many requests are drawn. */
const MOST_FLOWS = 20;

/** What the last requests led to, while it happens. */
export function FlowView() {
  const { steps, isOpen } = useSteps();
  const flows = flowsOf(steps);
  return (
    <>
      <Heading title="Flow" />
      <p class="beside">
        The rows that a transaction wrote, the cache keys that fell, the record that left through
        the relay, its events on the bus, the queues, and what trackers were told.
      </p>
      <p>
        <span class={`badge ${isOpen ? 'resolved' : 'ignored'}`}>
          {isOpen ? 'live' : 'not connected'}
        </span>
      </p>
      {flows.length === 0 ? <p>Nothing was written yet. Assign an issue.</p> : null}
      {flows.slice(0, MOST_FLOWS).map((flow, index) => (
        <Sequence key={flow.request ?? ''} flow={flow} isOpen={index === 0} />
      ))}
    </>
  );
}
