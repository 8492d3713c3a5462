import type { Step, StepKind } from '../client/steps.ts';

/** What one request led to, in the order in which it happened. */
export type FlowOfRequest = {
  /** Null for steps of which nobody knows the request. */
  readonly request: string | null;
  readonly title: string;
  readonly at: string;
  readonly steps: readonly Step[];
};

/** The columns of the drawing, in the order in which a change passes them. */
export const COLUMNS: readonly (readonly [StepKind, string])[] = [
  ['request', 'Requests'],
  ['rows', 'Rows'],
  ['cache', 'Cache keys'],
  ['record', 'Relay'],
  ['event', 'Bus'],
  ['queue', 'Queues'],
  ['tracker', 'Trackers'],
];

/** The steps by their requests, the request with the latest step first. */
export function flowsOf(steps: readonly Step[]): readonly FlowOfRequest[] {
  const byRequest = Map.groupBy(steps, ({ request }) => request);
  return [...byRequest]
    .map(([request, ofRequest]) => flowOf(request, ofRequest))
    .sort((one, other) => lastOf(other) - lastOf(one));
}

function flowOf(request: string | null, steps: readonly Step[]): FlowOfRequest {
  const [first] = steps;
  const asked = steps.find(({ kind }) => kind === 'request') ?? first;
  return {
    request,
    title: request === null ? 'Nobody’s request' : (asked?.title ?? request),
    at: first?.at ?? '',
    steps,
  };
}

const lastOf = ({ steps }: FlowOfRequest) => steps.at(-1)?.seq ?? 0;
