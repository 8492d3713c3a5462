import type { Step } from '../client/steps.ts';
import { Clock } from '../parts/time.tsx';
import { COLUMNS, type FlowOfRequest } from './group-steps.ts';

type SequenceProps = {
  readonly flow: FlowOfRequest;
  /** Whether it is shown whole from the beginning. */
  readonly isOpen: boolean;
};

/** One request, drawn as a sequence: each step in the column of the part that did it. */
export function Sequence({ flow, isOpen }: SequenceProps) {
  const { title, at, request, steps } = flow;
  return (
    <details class="flow" open={isOpen}>
      <summary>
        <Clock at={at} /> {title}
        <span class="beside">
          {steps.length} steps{request === null ? '' : `, request ${request}`}
        </span>
      </summary>
      <div class="columns" aria-hidden="true">
        {COLUMNS.map(([kind, name]) => (
          <span key={kind} class={`column ${kind}`}>
            {name}
          </span>
        ))}
      </div>
      <ol class="sequence">
        {steps.map((step) => (
          <StepItem key={step.seq} step={step} />
        ))}
      </ol>
    </details>
  );
}

function StepItem({ step: { kind, title, detail } }: { readonly step: Step }) {
  return (
    <li class={kind} data-kind={kind}>
      <details>
        <summary>
          <span class="spoken">{kind}: </span>
          {title}
        </summary>
        <pre>{JSON.stringify(detail, null, 2)}</pre>
      </details>
    </li>
  );
}
