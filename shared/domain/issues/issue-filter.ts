import type { Actor } from '../actor.ts';
import { formatActor } from '../actor.ts';
import type { Project } from '../projects/project.ts';
import type { CountRange } from './count-range.ts';
import type { Group, GroupStatus } from './group.ts';
import type { IndexedGroup } from './indexed-group.ts';
import type {
  Field,
  IssueQuery,
  IssueTerm,
  IssueTest,
  PartOfIssue,
  RangeField,
} from './issue-query.ts';
import type { SearchRange } from './search-range.ts';
import { isSeenIn } from './seen-window.ts';
import { hasWildcard, isLike } from './wildcard.ts';

/** Those whom a term of a search means. */
export type People = {
  /** Text forms of actors. */
  readonly actors: ReadonlySet<string>;
  readonly orNobody: boolean;
};

/** A search whose names have been looked up. */
export type IssueFilter = IssueQuery<People>;

/** What a search can ask of an issue. */
export type IssueFacts = {
  readonly group: SearchedGroup;
  readonly project: Pick<Project, 'id' | 'slug'>;
  readonly assignee: Actor | null;
  /** The text forms of those who have bookmarked it, of all whom the search names. */
  readonly bookmarkedBy: ReadonlySet<string>;
  /** The text forms of its suggested owners; empty also where the search does not ask for them. */
  readonly owners: ReadonlySet<string>;
};

/** What of a group a search can ask for. */
type SearchedGroup = Pick<Group, keyof IndexedGroup>;

/** Whether an issue is one of those that a search looks for. */
export function matchesIssue(filter: IssueFilter, facts: IssueFacts): boolean {
  return filter.terms.every((term) => passes(term, facts) !== term.isNegated);
}

/**
 * Whether an issue may be one of them, as far as its entry in a list tells: the cheap question
 * before the dear one.
 */
export function mayMatchIssue(filter: IssueFilter, group: IndexedGroup): boolean {
  return filter.terms.every((term) => isLeftOpen(term, group) || passesListed(term, group));
}

/** Whether the entry of an issue in a list tells that it is one of them. */
export function isListedMatch(filter: IssueFilter, group: IndexedGroup): boolean {
  return filter.terms.every((term) => !isLeftOpen(term, group) && passesListed(term, group));
}

function passesListed(term: IssueTerm<People>, group: IndexedGroup): boolean {
  const { timesSeen, userCount } = group;
  const atLeast = { ...group, timesSeen: timesSeen.min, userCount: userCount.min };
  return passes(term, { group: atLeast, ...unknown }) !== term.isNegated;
}

const unknown = {
  project: { id: '', slug: '' },
  assignee: null,
  bookmarkedBy: new Set<string>(),
  owners: new Set<string>(),
};

/** Whether the entry of a list does not tell what a term asks for. */
function isLeftOpen(term: IssueTerm<People>, group: IndexedGroup): boolean {
  if (term.kind === 'range') {
    const { field } = term;
    return (
      (field === 'timesSeen' || field === 'userCount') &&
      term.ranges.some((range) => endsWithin(range, group[field]))
    );
  }
  return asksForPeople(term) || (term.kind === 'field' && term.field === 'project');
}

/** Whether some counts of a range belong to what is searched for, and others do not. */
function endsWithin(searched: SearchRange, { min, max }: CountRange): boolean {
  return (searched.min > min && searched.min <= max) || (searched.max >= min && searched.max < max);
}

/**
 * The states whose issues are just those that a search finds; null where it asks for more than
 * states.
 */
export function statusesFoundBy({ terms, statuses }: IssueFilter): readonly GroupStatus[] | null {
  const finds = (status: GroupStatus) =>
    terms.every(
      (term) => term.kind === 'status' && term.values.includes(status) !== term.isNegated,
    );
  return terms.every(({ kind }) => kind === 'status') ? statuses.filter(finds) : null;
}

/** Whether a search depends on more than the issue's own row. */
export function needsPeople(filter: IssueFilter): boolean {
  return filter.terms.some(asksForPeople);
}

/** The users whose bookmarks a search asks for. */
export function bookmarkersOf(filter: IssueFilter): Set<string> {
  return new Set(
    filter.terms.flatMap((term) => (term.kind === 'bookmarked' ? [...term.by.actors] : [])),
  );
}

/** Whether a search depends on the suggested owners, which are a Query for each issue. */
export function needsOwners(filter: IssueFilter): boolean {
  return filter.terms.some(({ kind }) => kind === 'owned');
}

/**
 * The actors one of whom holds every issue that a search can find; null where issues that none of
 * them holds may be found too.
 */
export function holdersOf(filter: IssueFilter): ReadonlySet<string> | null {
  const only = filter.terms.find(
    (term) => term.kind === 'assigned' && !term.isNegated && !term.to.orNobody,
  );
  return only?.kind === 'assigned' ? only.to.actors : null;
}

/**
 * The users one of whom has bookmarked every issue that a search can find; null where it can find
 * others.
 */
export function onlyBookmarkersOf(filter: IssueFilter): ReadonlySet<string> | null {
  const only = filter.terms.find((term) => term.kind === 'bookmarked' && !term.isNegated);
  return only?.kind === 'bookmarked' ? only.by.actors : null;
}

/**
 * The values one of which every issue that a search can find has in a field, as the search spells
 * them; null where it can find others.
 */
export function onlyValuesOf(
  { terms }: IssueFilter,
  field: 'issue' | 'project',
): readonly string[] | null {
  const only = terms.find(
    (term) => term.kind === 'field' && term.field === field && !term.isNegated,
  );
  return only?.kind === 'field' && !only.values.some(hasWildcard) ? only.values : null;
}

function asksForPeople(term: IssueTerm<People>): boolean {
  switch (term.kind) {
    case 'held':
    case 'assigned':
    case 'bookmarked':
    case 'owned':
      return true;
    case 'has':
      return term.values.includes('assignee');
    case 'status':
    case 'substatus':
    case 'forReview':
    case 'field':
    case 'text':
    case 'environment':
    case 'seen':
    case 'range':
      return false;
  }
}

function passes(test: IssueTest<People>, facts: IssueFacts): boolean {
  const { group, assignee } = facts;
  switch (test.kind) {
    case 'status':
      return test.values.some((status) => status === group.status);
    case 'substatus':
      return test.values.some((substatus) => substatus === group.substatus);
    case 'forReview':
      return group.status === 'unresolved' && group.inInbox;
    case 'held':
      return assignee !== null;
    case 'assigned':
      return assignee === null ? test.to.orNobody : test.to.actors.has(formatActor(assignee));
    case 'bookmarked':
      return [...test.by.actors].some((actor) => facts.bookmarkedBy.has(actor));
    case 'field':
      return test.values.some((value) => fieldMatches(test.field, value, facts));
    case 'owned':
      return isOwned(test, facts);
    case 'environment':
      return test.values.some((name) => group.environments.some((one) => isLike(one, name)));
    case 'range':
      return test.ranges.some((range) => isWithin(countOrTime(group, test.field), range));
    case 'has':
      return test.values.some((part) => hasPart(part, facts));
    case 'seen':
      return isSeenIn(test.window, group);
    case 'text':
      return test.values.some(
        (value) =>
          contains(group.title, value) ||
          contains(group.culprit ?? '', value) ||
          same(group.shortId, value),
      );
  }
}

function isOwned(
  { by, orHeld }: Extract<IssueTest<People>, { kind: 'owned' }>,
  { assignee, owners }: IssueFacts,
): boolean {
  const isSuggested =
    owners.size === 0 ? by.orNobody : [...by.actors].some((actor) => owners.has(actor));
  if (!orHeld || assignee === null) {
    return isSuggested;
  }
  return by.actors.has(formatActor(assignee));
}

function hasPart(part: PartOfIssue, { group, assignee }: IssueFacts): boolean {
  switch (part) {
    case 'assignee':
      return assignee !== null;
    case 'environment':
      return group.environments.length > 0;
    case 'priority':
      return group.priority !== null;
    case 'culprit':
      return Boolean(group.culprit);
    case 'release':
      return group.newestRelease !== null;
  }
}

function countOrTime(group: SearchedGroup, field: RangeField): number {
  switch (field) {
    case 'timesSeen':
    case 'userCount':
      return group[field];
    case 'firstSeen':
    case 'lastSeen':
      return Date.parse(group[field]);
  }
}

function isWithin(value: number, { min, max }: SearchRange): boolean {
  return value >= min && value <= max;
}

function fieldMatches(field: Field, value: string, { group, project }: IssueFacts): boolean {
  switch (field) {
    case 'level':
      return same(group.level, value);
    case 'category':
      return same(group.type, value);
    case 'priority':
      return same(group.priority ?? '', value);
    case 'issue':
      return same(group.shortId, value) || same(group.id, value);
    case 'project':
      return same(project.slug, value) || same(project.id, value);
    case 'title':
      return contains(group.title, value);
    case 'culprit':
      return contains(group.culprit ?? '', value);
  }
}

/** Whether a text is a value, whatever the case of either. */
function same(text: string, value: string): boolean {
  return isLike(text.toLowerCase(), value.toLowerCase());
}

/**
 * Whether a text contains the parts between the asterisks of a value, in their order, whatever
 * their case.
 */
function contains(text: string, value: string): boolean {
  const lower = text.toLowerCase();
  let at = 0;
  for (const part of value.toLowerCase().split('*')) {
    const found = lower.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return true;
}
