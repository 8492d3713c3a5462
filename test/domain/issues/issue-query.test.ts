import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { ANY_COUNT, countRangeOf } from '../../../shared/domain/issues/count-range.ts';
import type { IndexedGroup } from '../../../shared/domain/issues/indexed-group.ts';
import {
  bookmarkersOf,
  holdersOf,
  type IssueFacts,
  type IssueFilter,
  isListedMatch,
  matchesIssue,
  mayMatchIssue,
  needsPeople,
  onlyValuesOf,
  statusesFoundBy,
} from '../../../shared/domain/issues/issue-filter.ts';
import {
  type ActorTerm,
  type IssueQuery,
  parseIssueQuery,
} from '../../../shared/domain/issues/issue-query.ts';
import { group, project } from '../../support/builders.ts';

/** As if `me` were user 11, in team 21 (core), and `bob@acme.io` user 12. */
function found(query: IssueQuery): IssueFilter {
  const actorsOf = (whom: ActorTerm): string[] => {
    if (whom.kind === 'me') {
      return ['user:11'];
    }
    if (whom.kind === 'myTeams') {
      return ['team:21'];
    }
    if (whom.kind === 'actor') {
      return [`${whom.actor.type}:${whom.actor.id}`];
    }
    if (whom.kind === 'team') {
      return whom.slug === 'core' ? ['team:21'] : [];
    }
    return whom.kind === 'login' && whom.login.toLowerCase() === 'bob@acme.io' ? ['user:12'] : [];
  };
  const people = (names: readonly ActorTerm[]) => ({
    actors: new Set(names.flatMap(actorsOf)),
    orNobody: names.some(({ kind }) => kind === 'nobody'),
  });
  return {
    statuses: query.statuses,
    terms: query.terms.map((term) => {
      if (term.kind === 'assigned') {
        return { ...term, to: people(term.to) };
      }
      if (term.kind === 'bookmarked') {
        return { ...term, by: people(term.by) };
      }
      if (term.kind === 'owned') {
        return { ...term, by: people(term.by) };
      }
      return term;
    }),
  };
}

const parsed = (query: string | null, status: string | null = null) =>
  parseIssueQuery({ query, status, now: '2026-11-25T12:00:00.000Z' });
const filterOf = (text: string | null, status?: string) => found(parsed(text, status));

function factsOf(given: Partial<IssueFacts> = {}): IssueFacts {
  return {
    group: group({
      title: 'TypeError: unsupported operand',
      culprit: 'app.views.checkout',
      shortId: 'SHOP-1',
      level: 'error',
      priority: 'high',
      firstSeen: '2026-11-20T10:00:00.000Z',
      lastSeen: '2026-11-25T00:00:00.000Z',
      timesSeen: 1_500,
      userCount: 3,
      environments: ['production', 'eu-west'],
    }),
    project: project({ slug: 'shop' }),
    assignee: null,
    bookmarkedBy: new Set(),
    owners: new Set(),
    ...given,
  };
}

/** A group as lists would hold it that know its counts. */
function listed(of: IssueFacts['group']): IndexedGroup {
  const exactly = (count: number) => ({ min: count, max: count });
  return { ...of, timesSeen: exactly(of.timesSeen), userCount: exactly(of.userCount) };
}

/** Lists do not know the slugs of projects. */
function namesProject({ terms }: IssueFilter): boolean {
  return terms.some((term) => term.kind === 'field' && term.field === 'project');
}

const all = ['unresolved', 'resolved', 'ignored'];

describe('the states that a search allows', () => {
  it.each<[string | null, string | undefined, string[]]>([
    [null, undefined, ['unresolved']],
    ['', undefined, all],
    ['  ', undefined, all],
    ['is:unresolved', undefined, ['unresolved']],
    ['is:archived', undefined, ['ignored']],
    ['is:muted', undefined, ['ignored']],
    ['!is:resolved', undefined, ['unresolved', 'ignored']],
    ['is:[resolved, ignored]', undefined, ['resolved', 'ignored']],
    ['is:resolved is:unresolved', undefined, []],
    ['KeyError', undefined, all],
    [null, 'resolved', ['resolved']],
    [null, 'muted', ['ignored']],
    [null, '', all],
    ['is:assigned', 'resolved', ['resolved']],
  ])('%j with the status %j: %j', (text, status, statuses) => {
    expect(parsed(text, status).statuses).toEqual(statuses);
  });
});

describe('an issue', () => {
  it.each<[string, Partial<IssueFacts>, boolean]>([
    ['', {}, true],
    ['TypeError', {}, true],
    ['typeerror: UNSUPPORTED', {}, true],
    ['unsupported TypeError', {}, false],
    ['"unsupported operand"', {}, true],
    ['Type*operand', {}, true],
    ['operand*Type', {}, false],
    ['views.checkout', {}, true],
    ['shop-1', {}, true],
    ['shop-2', {}, false],
    ['title:operand', {}, true],
    ['culprit:operand', {}, false],
    ['level:error', {}, true],
    ['level:[fatal, ERROR]', {}, true],
    ['!level:error', {}, false],
    ['level:fatal', {}, false],
    ['level:err*', {}, true],
    ['level:[f*, *R]', {}, true],
    ['!level:*', {}, false],
    ['priority:*ow', {}, false],
    ['issue.category:e*r', {}, true],
    ['issue:shop-*', {}, true],
    ['issue:site-*', {}, false],
    ['project:sh*', {}, true],
    ['project:*site', {}, false],
    ['issue.priority:high', {}, true],
    ['priority:low', {}, false],
    ['issue:SHOP-1', {}, true],
    ['project:shop', {}, true],
    ['project:31', {}, true],
    ['project:site', {}, false],
    ['issue.category:error', {}, true],
    ['is:unassigned', {}, true],
    ['is:assigned', {}, false],
    ['is:assigned', { assignee: { type: 'team', id: '22' } }, true],
    ['is:unassigned', { assignee: { type: 'team', id: '22' } }, false],
    ['assigned:none', {}, true],
    ['assigned:me', {}, false],
    ['assigned:[me, none]', {}, true],
    ['assigned:me', { assignee: { type: 'user', id: '11' } }, true],
    ['assigned:me', { assignee: { type: 'team', id: '11' } }, false],
    ['!assigned:me', { assignee: { type: 'user', id: '12' } }, true],
    ['assigned:bob@acme.io', { assignee: { type: 'user', id: '12' } }, true],
    ['assigned:"BOB@acme.io"', { assignee: { type: 'user', id: '12' } }, true],
    ['assigned:user:12', { assignee: { type: 'user', id: '12' } }, true],
    ['assigned:#core', { assignee: { type: 'team', id: '21' } }, true],
    ['assigned:my_teams', { assignee: { type: 'team', id: '21' } }, true],
    ['assigned:stranger', { assignee: { type: 'user', id: '12' } }, false],
    ['bookmarks:me', {}, false],
    ['bookmarks:me', { bookmarkedBy: new Set(['user:11']) }, true],
    ['bookmarks:bob@acme.io', { bookmarkedBy: new Set(['user:11']) }, false],
    ['status:unresolved', {}, true],
    ['status:[resolved, unresolved]', {}, true],
    ['!status:unresolved', {}, false],
    ['firstSeen:-5d', {}, false],
    ['firstSeen:-6d', {}, true],
    ['age:+5d', {}, true],
    ['age:+6d', {}, false],
    ['lastSeen:-12h', {}, true],
    ['lastSeen:-11h', {}, false],
    ['!lastSeen:-11h', {}, true],
    ['LASTSEEN:+12h', {}, true],
    ['firstSeen:2026-11-20', {}, true],
    ['firstSeen:2026-11-21', {}, false],
    ['firstSeen:2026-11-20T10:04:00', {}, true],
    ['firstSeen:2026-11-20T10:06:00', {}, false],
    ['firstSeen:>2026-11-20T10:00:00', {}, false],
    ['firstSeen:>=2026-11-20T10:00:00', {}, true],
    ['firstSeen:<2026-11-20T10:00:00Z', {}, false],
    ['firstSeen:<=2026-11-20T11:00:00+01:00', {}, true],
    ['timesSeen:1500', {}, true],
    ['timesSeen:1.5k', {}, true],
    ['timesSeen:>1499', {}, true],
    ['timesSeen:>1500', {}, false],
    ['timesSeen:>=1500', {}, true],
    ['timesSeen:<1500', {}, false],
    ['timesSeen:<=1m', {}, true],
    ['timesSeen:[1, 1500]', {}, true],
    ['userCount:3', {}, true],
    ['userCount:>3', {}, false],
    ['environment:production', {}, true],
    ['environment:prod', {}, false],
    ['environment:prod*', {}, true],
    ['environment:[dev, eu-west]', {}, true],
    ['!environment:production', {}, false],
    ['environment:eu.west', {}, false],
    ['has:environment', {}, true],
    ['has:priority', {}, true],
    ['!has:priority', {}, false],
    ['has:assignee', {}, false],
    ['has:assignee', { assignee: { type: 'team', id: '22' } }, true],
    ['!has:assignee', {}, true],
    ['has:culprit', {}, true],
    ['has:release', {}, false],
    ['owner:none', {}, true],
    ['owner:#core', {}, false],
    ['owner:#core', { owners: new Set(['team:21']) }, true],
    ['owner:none', { owners: new Set(['team:21']) }, false],
    ['!owner:#core', { owners: new Set(['user:11', 'team:21']) }, false],
    ['owner:me', { owners: new Set(['team:21']) }, false],
    ['owner:my_teams', { owners: new Set(['team:21']) }, true],
    ['assigned_or_suggested:me', {}, false],
    ['assigned_or_suggested:none', {}, true],
    ['assigned_or_suggested:me', { assignee: { type: 'user', id: '11' } }, true],
    ['assigned_or_suggested:me', { owners: new Set(['user:11']) }, true],
    ['assigned_or_suggested:me', { owners: new Set(['team:21']) }, false],
    ['assigned_or_suggested:[me, my_teams]', { owners: new Set(['team:21']) }, true],
    [
      'assigned_or_suggested:me',
      { owners: new Set(['user:11']), assignee: { type: 'user', id: '12' } },
      false,
    ],
    [
      'assigned_or_suggested:none',
      { owners: new Set(['user:11']), assignee: { type: 'user', id: '12' } },
      false,
    ],
    ['is:ongoing', {}, true],
    ['is:escalating', {}, false],
    ['is:for_review', {}, true],
    ['is:unresolved level:error assigned:none TypeError', {}, true],
    ['is:unresolved level:fatal assigned:none TypeError', {}, false],
  ])('is looked for by %j: %#', (text, given, expected) => {
    const filter = filterOf(text);
    const facts = factsOf(given);
    expect(matchesIssue(filter, facts)).toBe(expected);
    const isTold = !needsPeople(filter) && !namesProject(filter);
    if (expected) {
      expect(mayMatchIssue(filter, listed(facts.group))).toBe(true);
    }
    if (!expected && isTold) {
      expect(mayMatchIssue(filter, listed(facts.group))).toBe(false);
    }
    expect(isListedMatch(filter, listed(facts.group))).toBe(expected && isTold);
  });

  it('may be one whose count a list knows within a range, where one count of the range matches', () => {
    const count = fc.integer({ min: 0, max: 3_000 });
    const comparison = fc.constantFrom('', '>', '>=', '<', '<=', '!');
    fc.assert(
      fc.property(count, count, comparison, (timesSeen, than, how) => {
        const filter = filterOf(how === '!' ? `!timesSeen:${than}` : `timesSeen:${how}${than}`);
        const range = countRangeOf(timesSeen);
        const matches = (timesSeen: number) =>
          matchesIssue(filter, factsOf({ group: group({ timesSeen }) }));
        const each = Array.from({ length: range.max - range.min + 1 }, (_, at) =>
          matches(range.min + at),
        );
        const some = each.some(Boolean);
        const entry = { ...listed(group()), timesSeen: range };
        expect(mayMatchIssue(filter, entry)).toBe(some);
        expect(isListedMatch(filter, entry)).toBe(each.every(Boolean));
        expect(!some || mayMatchIssue(filter, { ...entry, timesSeen: ANY_COUNT })).toBe(true);
      }),
    );
  });

  it.each<[string | null, readonly string[] | null]>([
    ['', ['unresolved', 'resolved', 'ignored']],
    [null, ['unresolved']],
    ['is:unresolved', ['unresolved']],
    ['!is:unresolved', ['resolved', 'ignored']],
    ['status:[resolved, unresolved]', ['unresolved', 'resolved']],
    ['is:resolved is:unresolved', []],
    ['is:archived', ['ignored']],
    ['is:ongoing', null],
    ['is:unresolved level:error', null],
    ['is:unassigned', null],
    ['KeyError', null],
  ])('is told by its state alone where %j asks for nothing else', (text, statuses) => {
    expect(statusesFoundBy(filterOf(text))).toEqual(statuses);
  });

  it('is judged on its own row alone only where no person is asked for', () => {
    expect(needsPeople(filterOf('is:unresolved level:error'))).toBe(false);
    expect(needsPeople(filterOf('is:assigned'))).toBe(true);
    expect(mayMatchIssue(filterOf('assigned:me level:fatal'), listed(group()))).toBe(false);
    expect(mayMatchIssue(filterOf('!assigned:none'), listed(group()))).toBe(true);
    expect(bookmarkersOf(filterOf('bookmarks:me assigned:user:12'))).toEqual(new Set(['user:11']));
  });

  it.each<[string, readonly string[] | null]>([
    ['issue:[SHOP-1, shop-2]', ['shop-1', 'shop-2']],
    ['issue:[SHOP-1, shop-2*]', null],
    ['!issue:SHOP-1', null],
  ])('%s has the short ids %j alone', (text, values) => {
    expect(onlyValuesOf(filterOf(text), 'issue')).toEqual(values);
  });

  it.each<[string, string[] | null]>([
    ['assigned:me', ['user:11']],
    ['level:error assigned:[me, my_teams] is:unresolved', ['user:11', 'team:21']],
    ['assigned:stranger', []],
    ['!assigned:me', null],
    ['assigned:[me, none]', null],
    ['is:assigned', null],
    ['assigned_or_suggested:me', null],
  ])('%s is held by %j alone', (text, holders) => {
    expect(holdersOf(filterOf(text))).toEqual(holders === null ? null : new Set(holders));
  });
});

describe('a search that cannot be understood', () => {
  it.each([
    'is:nonsense',
    'is:',
    'level:',
    'assigned: me',
    'browser:chrome',
    '"open',
    'title:"open',
    'level:[error',
    'level:[]',
    'is:resolved OR is:unresolved',
    '(is:resolved)',
    'a AND b',
    'is:[resolved, ongoing]',
    'status:ongoing',
    'status:assigned',
    'firstSeen:yesterday',
    'firstSeen:2026-02-30',
    'firstSeen:>-24h',
    'age:',
    'timesSeen:many',
    'timesSeen:>',
    'timesSeen:-5',
    'has:nonsense',
  ])('is refused: %j', (text) => {
    expect(() => parsed(text)).toThrow(/^Error parsing search query: ./);
  });

  it.each([
    ['colour:red', 'Invalid key for this search: colour'],
    ['browserName:chrome', 'Invalid key for this search: browserName'],
    [
      'std::vector',
      'Invalid key for this search: std; put "std::vector" in quotes to search for it',
    ],
    [
      'http://a.b/c',
      'Invalid key for this search: http; put "http://a.b/c" in quotes to search for it',
    ],
  ])('%s is refused with the key as it was typed: %s', (text, message) => {
    expect(() => parsed(text)).toThrow(`Error parsing search query: ${message}`);
    expect(() => parsed(`"${text}"`)).not.toThrow();
  });

  it('is refused for a status that there is not', () => {
    expect(() => parsed(null, 'nonsense')).toThrow(/^Error parsing search query: ./);
  });

  it('is refused as invalid, and nothing else ever happens', () => {
    const piece = fc.constantFrom(
      'is:',
      'assigned:',
      '!',
      '"',
      '[',
      ']',
      ',',
      '(',
      '\\',
      ' ',
      'me',
      '#core',
      'OR',
      'level:',
      'firstSeen:',
      'timesSeen:',
      '>=',
      '-24h',
      '*',
      'x',
      ':',
      'resolved',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          return parsed(given).statuses.length <= 3;
        } catch (error) {
          return error instanceof DomainError && error.code === 'request.invalid';
        }
      }),
    );
  });
});
