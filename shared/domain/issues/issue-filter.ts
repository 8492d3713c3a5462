import type { Actor } from '../actor.ts';
import { formatActor } from '../actor.ts';
import type { Project } from '../projects/project.ts';
import type { Group } from './group.ts';
import type { Field, IssueQuery, IssueTerm, IssueTest } from './issue-query.ts';
import { isSeenIn } from './seen-window.ts';

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
  readonly group: Group;
  readonly project: Project;
  readonly assignee: Actor | null;
  /** The text forms of those who have bookmarked it, of all whom the search names. */
  readonly bookmarkedBy: ReadonlySet<string>;
};

/** Whether an issue is one of those that a search looks for. */
export function matchesIssue(filter: IssueFilter, facts: IssueFacts): boolean {
  return filter.terms.every((term) => passes(term, facts) !== term.isNegated);
}

/**
 * Whether an issue may be one of them, as far as its own row tells: the cheap question before the
 * dear one.
 */
export function mayMatchIssue(
  filter: IssueFilter,
  facts: Pick<IssueFacts, 'group' | 'project'>,
): boolean {
  return filter.terms.every(
    (term) => asksForPeople(term) || passes(term, { ...facts, ...nobody }) !== term.isNegated,
  );
}

const nobody = { assignee: null, bookmarkedBy: new Set<string>() };

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

function asksForPeople(term: IssueTerm<People>): boolean {
  return term.kind === 'held' || term.kind === 'assigned' || term.kind === 'bookmarked';
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
    case 'environment':
      return test.values.some((name) => group.environments.includes(name));
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

function fieldMatches(field: Field, value: string, { group, project }: IssueFacts): boolean {
  switch (field) {
    case 'level':
      return same(group.level, value);
    case 'category':
      return same(group.type, value);
    case 'priority':
      return same(group.priority ?? '', value);
    case 'issue':
      return same(group.shortId, value) || group.id === value;
    case 'project':
      return project.slug === value || project.id === value;
    case 'title':
      return contains(group.title, value);
    case 'culprit':
      return contains(group.culprit ?? '', value);
  }
}

function same(text: string, value: string): boolean {
  return text.toLowerCase() === value.toLowerCase();
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
