import { type Actor, actorFromText } from '../actor.ts';
import { type GroupStatus, type GroupSubstatus, groupPriorities, groupStatuses } from './group.ts';
import { substatusesOf } from './group-status.ts';
import { type SearchTerm, termsOf, unreadableQuery } from './issue-query-text.ts';
import { numberRange, type SearchRange, timeRange } from './search-range.ts';
import type { SeenWindow } from './seen-window.ts';
import { isLike } from './wildcard.ts';

/** Somebody as a search names them. */
export type ActorTerm =
  | { readonly kind: 'me' }
  | { readonly kind: 'myTeams' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'actor'; readonly actor: Actor }
  | { readonly kind: 'team'; readonly slug: string }
  /** A user name, an e-mail address or the digits of a user's id, as it was written. */
  | { readonly kind: 'login'; readonly login: string };

/**
 * What one term asks of an issue. `W` is how it names people: as they were written, or as they were
 * found.
 */
export type IssueTest<W> =
  | { readonly kind: 'status'; readonly values: readonly GroupStatus[] }
  | { readonly kind: 'substatus'; readonly values: readonly GroupSubstatus[] }
  | { readonly kind: 'forReview' }
  | { readonly kind: 'field'; readonly field: Field; readonly values: readonly string[] }
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'environment'; readonly values: readonly string[] }
  /** In one of these ranges. */
  | {
      readonly kind: 'range';
      readonly field: RangeField;
      readonly ranges: readonly SearchRange[];
    }
  /** Has one of these. */
  | { readonly kind: 'has'; readonly values: readonly PartOfIssue[] }
  | { readonly kind: 'seen'; readonly window: SeenWindow }
  | { readonly kind: 'held' }
  | { readonly kind: 'assigned'; readonly to: W }
  | { readonly kind: 'bookmarked'; readonly by: W }
  /**
   * One of them is a suggested owner; with `orHeld` the assignee, or suggested where there is none.
   */
  | { readonly kind: 'owned'; readonly by: W; readonly orHeld: boolean };

export type IssueTerm<W> = IssueTest<W> & { readonly isNegated: boolean };

/** What a request narrows a search by, beside its text; null and empty where it does not. */
export type Narrowing = {
  readonly window: SeenWindow | null;
  /** Issues that were seen in one of these. */
  readonly environments: readonly string[];
};

/** A search for issues: all of its terms hold. */
export type IssueQuery<W = readonly ActorTerm[]> = {
  /** The states that an issue may be in, before any other term. */
  readonly statuses: readonly GroupStatus[];
  readonly terms: readonly IssueTerm<W>[];
};

/** What of an issue is compared as a word, whatever its case. */
export type Field = keyof typeof fields;

/** What of an issue is compared as a number or a time. */
export type RangeField = 'firstSeen' | 'lastSeen' | 'timesSeen' | 'userCount';

/** What an issue may have or not have, as `has:assignee` asks. */
export type PartOfIssue = (typeof partsOfIssue)[number];
const partsOfIssue = ['assignee', 'environment', 'priority', 'culprit', 'release'] as const;

/** By which keys a field is searched. */
const fields = {
  level: ['level'],
  category: ['issue.category', 'issue.type'],
  priority: ['issue.priority', 'priority'],
  issue: ['issue', 'issue.id'],
  project: ['project', 'project.name', 'project.id'],
  title: ['title', 'message'],
  culprit: ['culprit', 'location'],
} as const;

/** The fields that have a few values only. */
const valuesOfField: Partial<Record<Field, readonly string[]>> = {
  level: ['fatal', 'error', 'warning', 'info', 'debug', 'sample'],
  priority: groupPriorities,
};

/** Whether an issue can have a value: where any can be had, every one is known. */
export function isKnownValue(field: Field, value: string): boolean {
  return valuesOfField[field]?.some((known) => isLike(known, value)) ?? true;
}

const fieldOfKey: ReadonlyMap<string, Field> = new Map(
  (Object.keys(fields) as Field[]).flatMap((field) =>
    fields[field].map((key) => [key, field] as const),
  ),
);

type TestOfValues = (
  values: readonly string[],
  key: string,
  nowMs: number,
) => IssueTest<readonly ActorTerm[]>;

const assigned: TestOfValues = (values) => ({ kind: 'assigned', to: values.map(actorTermOf) });
const seenAt =
  (field: 'firstSeen' | 'lastSeen'): TestOfValues =>
  (values, key, nowMs) => ({
    kind: 'range',
    field,
    ranges: values.map((value) => timeRange(key, value, nowMs)),
  });
const counted =
  (field: 'timesSeen' | 'userCount'): TestOfValues =>
  (values, key) => ({
    kind: 'range',
    field,
    ranges: values.map((value) => numberRange(key, value)),
  });

/** What the values of a key ask for, by the key in lower case, beside those of `fields`. */
const testOfKey: ReadonlyMap<string, TestOfValues> = new Map<string, TestOfValues>([
  ['is', (values) => isTest(...values)],
  ['status', (values) => statusTest(values)],
  ['assigned', assigned],
  ['assigned_to', assigned],
  [
    'assigned_or_suggested',
    (values) => ({ kind: 'owned', by: values.map(actorTermOf), orHeld: true }),
  ],
  ['owner', (values) => ({ kind: 'owned', by: values.map(actorTermOf), orHeld: false })],
  ['bookmarks', (values) => ({ kind: 'bookmarked', by: values.map(actorTermOf) })],
  ['environment', (values) => ({ kind: 'environment', values })],
  ['has', (values, key) => ({ kind: 'has', values: values.map((value) => partOf(key, value)) })],
  ['firstseen', seenAt('firstSeen')],
  ['age', seenAt('firstSeen')],
  ['lastseen', seenAt('lastSeen')],
  ['timesseen', counted('timesSeen')],
  ['usercount', counted('userCount')],
]);

const knownKeys: ReadonlySet<string> = new Set([...testOfKey.keys(), ...fieldOfKey.keys()]);

const substatuses: readonly GroupSubstatus[] = Object.values(substatusesOf).flat();
const otherStatusWords: ReadonlyMap<string, GroupStatus> = new Map(
  Object.entries<GroupStatus>({
    muted: 'ignored',
    archived: 'ignored',
  }),
);

/** What a list shows when its caller does not say what they look for. */
const USUAL_QUERY = 'is:unresolved';

/** What a list or a bulk update looks for when it names the issues themselves. */
export const ANY_ISSUE = '';

/** A search as a caller wrote it. */
export type WrittenQuery = {
  /** Null where none was sent. */
  readonly query: string | null;
  /** One state beside it; null where none was sent. */
  readonly status: string | null;
  /** What ages such as `-24h` count back from, ISO 8601 in UTC. */
  readonly now: string;
};

/**
 * Reads what a list or a bulk update looks for. No query means unresolved issues, or those of
 * `status` where that is given; an empty one means every issue. Throws `request.invalid` for what
 * cannot be understood, unknown keys included: an update must not reach more issues than its caller
 * named.
 */
export function parseIssueQuery({ query, status, now }: WrittenQuery): IssueQuery {
  const text = query ?? (status === null ? USUAL_QUERY : '');
  const nowMs = Date.parse(now);
  const terms = termsOf(text, knownKeys).map((term) => ({
    ...testOf(term, nowMs),
    isNegated: term.isNegated,
  }));
  if (status !== null && status !== '') {
    terms.push({ ...isTest(status), isNegated: false });
  }
  return { statuses: groupStatuses.filter((one) => terms.every(allows(one))), terms };
}

/** The same search, of issues that were also seen when and where a request says. */
export function narrowed<W>(
  query: IssueQuery<W>,
  { window, environments }: Narrowing,
): IssueQuery<W> {
  const terms: IssueTerm<W>[] = [];
  if (window !== null) {
    terms.push({ kind: 'seen', window, isNegated: false });
  }
  if (environments.length > 0) {
    terms.push({ kind: 'environment', values: environments, isNegated: false });
  }
  return { statuses: query.statuses, terms: [...query.terms, ...terms] };
}

function allows(status: GroupStatus) {
  return (term: IssueTerm<unknown>) =>
    term.kind !== 'status' || term.values.includes(status) !== term.isNegated;
}

function testOf(
  { key, typedKey, values }: SearchTerm,
  nowMs: number,
): IssueTest<readonly ActorTerm[]> {
  if (key === null) {
    return { kind: 'text', values };
  }
  const test = testOfKey.get(key);
  if (test !== undefined) {
    return test(values, typedKey, nowMs);
  }
  const field = fieldOfKey.get(key);
  if (field === undefined) {
    throw unreadableQuery(`Invalid key for this search: ${typedKey}${adviceOf(typedKey, values)}`);
  }
  return { kind: 'field', field, values: values.map((value) => value.toLowerCase()) };
}

/** Names such as `a::b` and addresses were not meant as a key and its value. */
function adviceOf(typedKey: string, values: readonly string[]): string {
  const [value = ''] = values;
  return /^(:|\/\/)/.test(value) ? `; put "${typedKey}:${value}" in quotes to search for it` : '';
}

function partOf(key: string, value: string): PartOfIssue {
  const part = partsOfIssue.find((one) => one === value.toLowerCase());
  if (part === undefined) {
    throw unreadableQuery(
      `Invalid value for "${key}" search: ${value}. It is one of ${partsOfIssue.join(', ')}.`,
    );
  }
  return part;
}

function statusTest(values: readonly string[]): IssueTest<readonly ActorTerm[]> {
  const test = isTest(...values);
  if (test.kind !== 'status') {
    throw unreadableQuery(`Invalid value for "status" search: ${values.join(', ')}`);
  }
  return test;
}

function isTest(...values: readonly string[]): IssueTest<readonly ActorTerm[]> {
  const words = values.map((value) => value.toLowerCase());
  const statuses = words.flatMap(
    (word) => groupStatuses.find((status) => status === word) ?? otherStatusWords.get(word) ?? [],
  );
  if (statuses.length === words.length) {
    return { kind: 'status', values: statuses };
  }
  const found = words.flatMap((word) => substatuses.find((one) => one === word) ?? []);
  if (found.length === words.length) {
    return { kind: 'substatus', values: found };
  }
  const [word] = words;
  if (words.length === 1 && word === 'assigned') {
    return { kind: 'held' };
  }
  if (words.length === 1 && word === 'unassigned') {
    return { kind: 'assigned', to: [{ kind: 'nobody' }] };
  }
  if (words.length === 1 && word === 'for_review') {
    return { kind: 'forReview' };
  }
  throw unreadableQuery(`Invalid value for "is" search: ${values.join(', ')}`);
}

function actorTermOf(value: string): ActorTerm {
  if (value === 'me') {
    return { kind: 'me' };
  }
  if (value === 'my_teams') {
    return { kind: 'myTeams' };
  }
  if (value === 'none') {
    return { kind: 'nobody' };
  }
  if (value.startsWith('#')) {
    return { kind: 'team', slug: value.slice(1) };
  }
  const actor = actorFromText(value);
  if (actor !== undefined) {
    return { kind: 'actor', actor };
  }
  return { kind: 'login', login: value };
}
