import * as v from 'valibot';
import { MOST_NAMED, type PlanKind } from '../../../domain/bulk/plan.ts';
import { firstCodePoints, isLongerThan } from '../../../domain/code-points.ts';
import { invalidFields } from '../../../domain/errors.ts';
import type { RequestedUpdate } from '../../../operations/issues/update-groups.ts';
import { anyDictionary, closedDictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { parseUpdateIssue } from '../issues/update-issue.ts';

/** As long as a search of an issue list. */
const LONGEST_QUERY = 4_096;
/** Ids are at most 19 digits; short ids are a slug of 100 characters at most and a number. */
const LONGEST_ID = 128;
const LONGEST_NOTE = 500;
const MOST_PROJECTS = 100;

const plannedFields = [
  'assignedTo',
  'assignmentExpires',
  'ownerTeam',
  'status',
  'substatus',
  'statusDetails',
  'delete',
] as const;

/** A list of ids or slugs that holds at least one, and at most so many. */
const names = (most: number) =>
  v.pipe(
    v.array(text({ maxLength: LONGEST_ID }), 'Expected a list of items.'),
    v.check((list) => list.length > 0 && list.length <= most, `Name 1 to ${most}.`),
  );

/** The body of a request for a plan; `update` is read by itself. */
export const planRequest = closedDictionary({
  ids: maybe(names(MOST_NAMED)),
  query: maybe(text({ maxLength: LONGEST_QUERY, blank: true })),
  projects: maybe(names(MOST_PROJECTS)),
  update: anyDictionary(),
  note: maybe(nullable(text({ maxLength: LONGEST_NOTE }))),
});

/** A body that says nothing, of a request that is wholly in its path. */
export const nothing = closedDictionary({});

/** A request for a plan, parsed. */
export type PlanBody = {
  readonly kind: Exclude<PlanKind, 'revert'>;
  readonly ids: readonly string[] | null;
  readonly query: string | null;
  readonly projects: readonly string[] | null;
  readonly update: RequestedUpdate;
  readonly note: string | null;
};

/** Reads a request for a plan. Throws `request.invalid` with the fields that are wrong. */
export function parsePlan(body: unknown): PlanBody {
  const { ids, query, projects, update, note = null } = parseBody(planRequest, body);
  if ((ids === undefined) === (query === undefined)) {
    throw invalidFields({ ids: ['Name the issues by ids or by query, and not by both.'] });
  }
  return {
    ids: ids === undefined ? null : [...new Set(ids)],
    query: query ?? null,
    projects: projects ?? null,
    note,
    ...parsePlannedUpdate(update),
  };
}

function parsePlannedUpdate(
  update: Readonly<Record<string, unknown>>,
): Pick<PlanBody, 'kind' | 'update'> {
  const given = Object.keys(update);
  const unknown = given.find((name) => !plannedFields.some((known) => known === name));
  if (unknown !== undefined) {
    throw invalidFields({ update: [`${shortened(unknown)} cannot be planned.`] });
  }
  if (given.length === 0) {
    throw invalidFields({ update: ['Say what is to be changed.'] });
  }
  if ('delete' in update) {
    if (update.delete !== true || given.length > 1) {
      throw invalidFields({ update: ['delete is true, and nothing is beside it.'] });
    }
    return { kind: 'delete', update: {} };
  }
  const { update: parsed } = parseUpdateIssue(update);
  if (Object.keys(parsed).length === 0) {
    throw invalidFields({ update: ['Say what is to be changed.'] });
  }
  return { kind: 'update', update: parsed };
}

function shortened(name: string): string {
  return isLongerThan(name, LONGEST_ID) ? `${firstCodePoints(name, LONGEST_ID)}...` : name;
}
