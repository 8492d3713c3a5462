import { invalidRequest, notFound } from '../../domain/errors.ts';
import type { Forecast } from '../../operations/bulk/forecast-issues.ts';
import { namesOf, type ReadIssueDeps } from '../../operations/issues/read-issue.ts';
import type { DryRunReply } from '../endpoint.ts';
import { actorsOfStates, serializePlannedIssue } from '../serializers/bulk/planned-issue.ts';
import { bulkReply } from './bulk-reply.ts';

const values: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** Issues that an answer to a dry run shows. */
const SHOWN = 100;

/**
 * Whether a write shall only say what it would come to. Throws `request.invalid` for a value that
 * is none, and for several that contradict each other: nothing is written by mistake.
 */
export function readDryRun(query: URLSearchParams): boolean {
  const asked = new Set(query.getAll('dryRun').map((value) => values.get(value)));
  const [only = false] = asked;
  if (asked.size > 1 || asked.has(undefined)) {
    throw invalidRequest('dryRun is one of 1, true, 0 and false. Nothing was written.');
  }
  return only;
}

/** A forecast of the one issue of a request. Throws `resource.not_found` where it is not there. */
export function requireForeseen(forecast: Forecast): Forecast {
  if (forecast.issues.length === 0) {
    throw notFound();
  }
  return forecast;
}

/** The answer to a write that was only tried. One round trip, for the names. */
export async function dryRunReply(
  deps: Pick<ReadIssueDeps, 'users' | 'teams'>,
  { issues, summary }: Forecast,
  truncated = false,
): Promise<DryRunReply> {
  const shown = issues.slice(0, SHOWN);
  const states = shown.flatMap(({ planned: { before, after } }) => [before, after]);
  const names = await namesOf(deps, actorsOfStates(states));
  const body = {
    dryRun: true,
    count: issues.length,
    summary,
    issues: shown.map(({ planned, ...found }) => serializePlannedIssue(planned, found, names)),
  } as const;
  const counts = { matched: issues.length, updated: 0, conflicting: [], truncated };
  return { ...bulkReply(counts, { status: 200 }), body };
}
