import { invalidRequest } from '../../domain/errors.ts';
import { distanceBetween } from '../../domain/nearest-name.ts';

/**
 * The query parameters of a bulk write. Any other is refused: it could have been meant to narrow
 * the write, which would change more issues without it.
 */
export const bulkParameters = [
  'id',
  'query',
  'status',
  'project',
  'environment',
  'statsPeriod',
  'start',
  'end',
  'sort',
  'limit',
  'cursor',
  'expand',
  'collapse',
  'utc',
  'dryRun',
] as const;

type BulkParameter = (typeof bulkParameters)[number];

/**
 * Names that people use for a parameter instead of its own, in lower case, without brackets and
 * without the s of a plural.
 */
const otherNames: ReadonlyMap<string, BulkParameter> = new Map(
  Object.entries<BulkParameter>({
    group: 'id',
    groupid: 'id',
    issue: 'id',
    issueid: 'id',
    shortid: 'id',
    q: 'query',
    search: 'query',
    state: 'status',
    is: 'status',
    projectid: 'project',
    projectslug: 'project',
    env: 'environment',
    period: 'statsPeriod',
    since: 'start',
    from: 'start',
    until: 'end',
    to: 'end',
    perpage: 'limit',
  }),
);

/**
 * Throws `request.invalid` for the first parameter that a bulk write does not have; the message
 * suggests the one with the nearest name.
 */
export function requireBulkParameters(query: URLSearchParams): void {
  for (const name of query.keys()) {
    if (!bulkParameters.some((known) => known === name)) {
      throw invalidRequest(`Unknown parameter: ${name}. ${adviceFor(name)}`);
    }
  }
}

function adviceFor(name: string): string {
  const nearest = nearestParameter(name);
  if (nearest === 'id') {
    return 'Name issues with id=1&id=2.';
  }
  if (nearest !== undefined) {
    return `Did you mean ${nearest}?`;
  }
  return `The parameters of a bulk write are ${bulkParameters.join(', ')}.`;
}

/** The parameter that a name is another word for, or differs from by at most two letters. */
function nearestParameter(name: string): BulkParameter | undefined {
  const bare = bareName(name);
  const meant = bulkParameters.find((known) => bareName(known) === bare) ?? otherNames.get(bare);
  if (meant !== undefined) {
    return meant;
  }
  const near = bulkParameters
    .map((known) => ({ known, distance: distanceBetween(bare, bareName(known)) }))
    .filter(({ known, distance }) => distance <= Math.min(2, Math.floor(known.length / 3)));
  return near.sort((a, b) => a.distance - b.distance)[0]?.known;
}

/** `ids[]`, `id[0]` and `ID` are `id`. */
function bareName(name: string): string {
  const letters = name
    .replace(/\[.*$/s, '')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
  return letters.length > 2 && letters !== 'status' ? letters.replace(/s$/, '') : letters;
}
