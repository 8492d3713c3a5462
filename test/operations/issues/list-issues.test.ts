import { beforeAll, describe, expect, it } from 'vitest';
import { listIssues } from '../../../shared/operations/issues/list-issues.ts';
import type { IssueSearch } from '../../../shared/operations/issues/search-issues.ts';
import { selectIssues } from '../../../shared/operations/issues/select-issues.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** What a bulk write selects; rows that come with it are those of its issues. */
async function selected(...asked: Parameters<typeof selectIssues>) {
  const { rows, ...selection } = await selectIssues(...asked);
  expect(rows?.map(({ group }) => group.id) ?? selection.groupIds).toEqual(selection.groupIds);
  return selection;
}

const everything: IssueSearch = {
  organizationId: '1',
  callerUserId: '11',
  projects: null,
  query: '',
  now: '2026-11-21T14:00:00.000Z',
};

/**
 * Issues of shop and site in turn, each a minute older than the one before; every third one is
 * resolved.
 */
const groups = Array.from({ length: 30 }, (_, index) => ({
  id: String(500 + index),
  project: index % 2 === 0 ? '31' : '32',
  shortId: `ISSUE-${index}`,
  title: index % 5 === 0 ? 'Timeout' : 'TypeError',
  culprit: `app.view${index}`,
  status: index % 3 === 0 ? ('resolved' as const) : ('unresolved' as const),
  lastSeen: new Date(Date.UTC(2026, 10, 21, 12, 60 - index)).toISOString(),
}));

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...groups,
      {
        id: '901',
        project: '39',
        shortId: 'PLANT-1',
        title: 'Timeout',
        lastSeen: '2026-11-22T00:00:00Z',
      },
    ],
    assignments: [
      { group: '501', assignedTo: 'user:11' },
      { group: '502', assignedTo: 'team:21' },
      { group: '503', assignedTo: 'user:12' },
      { group: '504', assignedTo: 'team:22' },
    ],
    bookmarks: [
      { group: '505', user: '11' },
      { group: '506', user: '12' },
    ],
    owners: [
      { group: '504', type: 'ownershipRule', owner: 'team:21', rule: '*.py #core' },
      { group: '503', type: 'ownershipRule', owner: 'user:11', rule: '*.py alice' },
      { group: '507', type: 'suspectCommit', owner: 'user:11' },
      { group: '508', type: 'codeowners', owner: 'team:21', rule: '*.py #core' },
    ],
    subscriptions: [],
    seen: [],
  });
});

const idsOf = async (search: Partial<IssueSearch> & { limit?: number; from?: string }) => {
  const page = await listIssues(world.stores, { ...everything, limit: 100, ...search });
  return page.issues.map(({ group }) => group.id);
};

const ids = (keep: (group: (typeof groups)[number], index: number) => boolean) =>
  groups.filter(keep).map(({ id }) => id);

describe('a project of another organization that a search calls by its id', () => {
  it.each(['date', 'freq'] as const)('answers as one that is not there, by %s', async (order) => {
    const search = { ...everything, order, sortLimit: 1, limit: 1 };
    const strange = await listIssues(world.stores, { ...search, query: 'project:39' });
    const nothing = await listIssues(world.stores, { ...search, query: 'project:999' });
    expect(strange).toEqual(nothing);
    const own = await listIssues(world.stores, { ...search, query: 'project:31' });
    expect(own).not.toEqual(nothing);
  });
});

describe('a value of a search that is longer than any name', () => {
  const digits = '1'.repeat(3_000);
  it.each([
    `project:${digits}`,
    `issue:${digits}`,
    `assigned:${digits}`,
    `bookmarks:${digits}`,
    `owner:${digits}`,
    `assigned:user:${digits}`,
    `assigned:team:${digits}`,
    `assigned:#${'x'.repeat(3_000)}`,
    `project:${'x'.repeat(3_000)}`,
    `issue:${'X'.repeat(3_000)}-1`,
  ])('finds nothing: %.20s', async (query) => {
    expect(await idsOf({ query })).toEqual([]);
  });
});

describe('a list of issues', () => {
  it.each<[string, Partial<IssueSearch>, string[]]>([
    ['every issue of the organization, last seen first', {}, ids(() => true)],
    ['one project, by slug', { projects: ['shop'] }, ids(({ project }) => project === '31')],
    ['one project, by id', { projects: ['32'] }, ids(({ project }) => project === '32')],
    ['several, each once', { projects: ['shop', '31', 'site'] }, ids(() => true)],
    [
      'unresolved issues where nothing is asked',
      { query: null },
      ids(({ status }) => status === 'unresolved'),
    ],
    [
      'a state in place of a query',
      { query: null, status: 'resolved' },
      ids(({ status }) => status === 'resolved'),
    ],
    ['text', { query: 'timeout' }, ids(({ title }) => title === 'Timeout')],
    ['text in the culprit', { query: 'view29' }, ['529']],
    [
      'a state and text',
      { query: 'is:resolved timeout' },
      ids(({ title, status }) => title === 'Timeout' && status === 'resolved'),
    ],
    ['the caller’s own', { query: 'assigned:me' }, ['501']],
    ['the caller’s teams’', { query: 'assigned:my_teams' }, ['502']],
    ['a team’s', { query: 'assigned:#web' }, ['504']],
    ['somebody’s', { query: 'assigned:bob@acme.io' }, ['503']],
    ['several people’s', { query: 'assigned:[me, bob]' }, ['501', '503']],
    ['somebody’s of another organization', { query: 'assigned:dave' }, []],
    ['somebody’s in one project', { query: 'assigned:me', projects: ['31'] }, []],
    ['somebody’s among the resolved', { query: 'is:resolved assigned:[me, bob]' }, ['503']],
    ['what is somebody’s or suggested', { query: 'assigned_or_suggested:me' }, ['501', '507']],
    ['what rules suggest', { query: 'owner:#core' }, ['504', '508']],
    [
      'what nobody is suggested for',
      { query: 'owner:none view2*' },
      ['502', ...ids((_, index) => index >= 20)],
    ],
    ['what is new', { query: 'lastSeen:-65m' }, ids((_, index) => index <= 5)],
    ['what is assigned', { query: 'is:assigned' }, ['501', '502', '503', '504']],
    ['what is not', { query: 'assigned:none timeout' }, ids(({ title }) => title === 'Timeout')],
    ['bookmarks', { query: 'bookmarks:me' }, ['505']],
    ['bookmarks of somebody else', { query: 'bookmarks:bob' }, ['506']],
    ['bookmarks without a user', { query: 'bookmarks:me', callerUserId: null }, []],
    ['two states at once', { query: 'is:resolved is:unresolved' }, []],
    ['another organization', { organizationId: '2' }, ['901']],
  ])('holds %s', async (_, search, expected) => {
    expect(await idsOf(search)).toEqual(expected);
  });

  it.each([
    'assigned:[me',
    'nobody@nowhere',
    'x'.repeat(9_000),
    `bookmarks:user:${'9'.repeat(9_000)}`,
    `assigned:${'9'.repeat(9_000)}`,
    `assigned:#${'9'.repeat(9_000)}`,
  ])('holds nothing, or is refused, for %s', async (query) => {
    const answer = await idsOf({ query }).catch((error) => error.code);
    expect([[], 'request.invalid']).toContainEqual(answer);
  });

  it.each([['plant'], ['39'], ['999'], ['nothing'], ['9'.repeat(9_000)]])(
    'is not there for the project %s of somewhere else',
    async (project) => {
      await expect(idsOf({ projects: ['shop', project] })).rejects.toThrow(
        'The requested resource does not exist',
      );
    },
  );

  it('is refused for a search that cannot be understood', async () => {
    await expect(idsOf({ query: 'is:nonsense' })).rejects.toThrow('Error parsing search query');
  });
});

describe('pages', () => {
  /** The 20 issues that were seen last, and all of them. */
  const latest = { start: String(groups[19]?.lastSeen), end: null };
  it.each(
    [1, 7, 29, 30, 31].flatMap((limit) => [
      [limit, 30, null] as const,
      [limit, 20, latest] as const,
    ]),
  )('of %i hold each of %i issues once, forwards and back', async (limit, count, window) => {
    const search = { ...everything, limit, window };
    const forwards: string[][] = [];
    let last = await listIssues(world.stores, search);
    expect(last.previous).toBeNull();
    forwards.push(last.issues.map(({ group }) => group.id));
    while (last.next !== null) {
      last = await listIssues(world.stores, { ...search, from: last.next });
      forwards.push(last.issues.map(({ group }) => group.id));
    }
    expect(forwards.flat()).toEqual(ids((_, index) => index < count));
    expect(forwards).toHaveLength(Math.ceil(count / limit));

    const back = [forwards.at(-1)];
    while (last.previous !== null) {
      last = await listIssues(world.stores, {
        ...search,
        from: last.previous,
        backwards: true,
      });
      back.unshift(last.issues.map(({ group }) => group.id));
    }
    expect(back.filter((page) => page?.length !== 0)).toEqual(forwards);
  });
});

describe('other orders', () => {
  const priorities = ['low', 'medium', 'high'] as const;
  /** Every order has ties, which are listed last seen first. */
  const sortable = Array.from({ length: 23 }, (_, index) => ({
    id: String(700 + index),
    project: index % 2 === 0 ? '31' : '32',
    shortId: `SORT-${index}`,
    title: 'Sorted',
    status: index % 4 === 0 ? ('resolved' as const) : ('unresolved' as const),
    priority: priorities[index % 3],
    firstSeen: new Date(Date.UTC(2026, 9, 1 + (index % 6))).toISOString(),
    lastSeen: new Date(Date.UTC(2026, 10, 1, 0, index)).toISOString(),
    timesSeen: (index * 7) % 10,
    userCount: (index * 5) % 12,
  }));
  type Sortable = (typeof sortable)[number];
  const rank: Record<string, (one: Sortable) => number> = {
    new: ({ firstSeen }) => Date.parse(firstSeen),
    freq: ({ timesSeen }) => timesSeen,
    user: ({ userCount }) => userCount,
    priority: ({ priority = 'low' }) => priorities.indexOf(priority),
  };
  const sorted = (order: string, keep: (one: Sortable) => boolean = () => true) =>
    sortable
      .filter(keep)
      .toSorted(
        (a, b) =>
          (rank[order]?.(b) ?? 0) - (rank[order]?.(a) ?? 0) ||
          Date.parse(b.lastSeen) - Date.parse(a.lastSeen),
      )
      .map(({ id }) => id);

  let own: TestWorld;
  beforeAll(async () => {
    own = await worldOnFreshTable({
      groups: sortable,
      assignments: sortable.slice(0, 9).map(({ id }) => ({ group: id, assignedTo: 'user:11' })),
      bookmarks: [],
      owners: [],
      subscriptions: [],
      seen: [],
    });
  });

  it.each(['new', 'freq', 'user', 'priority'] as const)(
    'by %s hold each issue once, forwards and back, on pages of any size',
    async (order) => {
      for (const limit of [1, 5, 23, 100]) {
        const search = { ...everything, order, limit };
        let page = await listIssues(own.stores, search);
        const pages = [page];
        while (page.next !== null) {
          page = await listIssues(own.stores, { ...search, from: page.next });
          pages.push(page);
        }
        const idsOfPages = pages.map(({ issues }) => issues.map(({ group }) => group.id));
        expect(idsOfPages.flat()).toEqual(sorted(order));
        expect(pages.every(({ sortedWithin }) => sortedWithin === null)).toBe(true);
        const before = pages.at(-1)?.previous ?? null;
        if (before !== null) {
          const back = await listIssues(own.stores, { ...search, from: before, backwards: true });
          expect(back.issues.map(({ group }) => group.id)).toEqual(idsOfPages.at(-2));
        }
      }
    },
  );

  it('keep what a search is limited to', async () => {
    const found = async (query: string) => {
      const page = await listIssues(own.stores, {
        ...everything,
        order: 'freq',
        query,
        limit: 100,
      });
      return page.issues.map(({ group }) => group.id);
    };
    const mine = (one: Sortable) => Number(one.id) < 709;
    expect(await found('is:unresolved')).toEqual(
      sorted('freq', ({ status }) => status === 'unresolved'),
    );
    expect(await found('assigned:me')).toEqual(sorted('freq', mine));
    expect(await found('!assigned:me')).toEqual(sorted('freq', (one) => !mine(one)));
  });

  it('select for bulk writes what the list shows first', async () => {
    const { groupIds, truncated } = await selected(own.stores, {
      ...everything,
      order: 'user',
      limit: 4,
    });
    expect({ groupIds, truncated }).toEqual({
      groupIds: sorted('user').slice(0, 4),
      truncated: true,
    });
  });

  it('hold over the issues that were seen last, and say over how many', async () => {
    const search = { ...everything, order: 'freq', limit: 1 } as const;
    const page = await listIssues(own.stores, { ...search, sortLimit: 10 });
    expect(page.sortedWithin).toBe(10);
    const latest = sortable.slice(-10).map(({ id }) => id);
    expect(page.issues.map(({ group }) => group.id)).toEqual(
      sorted('freq', ({ id }) => latest.includes(id)).slice(0, 1),
    );
    const all = await listIssues(own.stores, { ...search, sortLimit: 24 });
    expect(all.sortedWithin).toBeNull();

    const bulk = { ...everything, order: 'freq', query: 'timesSeen:>8' } as const;
    expect((await selected(own.stores, { ...bulk, sortLimit: 10 })).truncated).toBe(true);
    expect((await selected(own.stores, bulk)).truncated).toBe(false);
  });
});

describe('a selection for a bulk update', () => {
  const select = (query: string | null, projects: string[] | null = null) =>
    selected(world.stores, { ...everything, projects, query });

  it('holds what the list of the same search holds, in its order', async () => {
    expect(await select(null)).toEqual({
      groupIds: await idsOf({ query: null }),
      truncated: false,
    });
    expect(await select('timeout', ['31'])).toEqual({
      groupIds: await idsOf({ query: 'timeout', projects: ['31'] }),
      truncated: false,
    });
  });

  it('comes with rows to decide on, but where it had to read issues of which it finds few', async () => {
    const withRows = async (query: string) =>
      'rows' in (await selectIssues(world.stores, { ...everything, query }));
    expect(await withRows('is:unresolved')).toBe(true);
    expect(await withRows('assigned:me')).toBe(false);
    expect(await withRows('is:unassigned')).toBe(false);
  });

  it('is empty where nothing matches', async () => {
    expect(await select('nothing of that kind')).toEqual({ groupIds: [], truncated: false });
  });

  it('ends at 1,000 and says so', async () => {
    const lastSeen = (index: number) => new Date(Date.UTC(2026, 1, 1) + index * 1000).toISOString();
    const many = await worldOnFreshTable({
      groups: Array.from({ length: 1_001 }, (_, index) => ({
        id: String(10_000 + index),
        project: '31',
        shortId: `MANY-${index}`,
        title: index === 0 ? 'The oldest' : 'One of many',
        lastSeen: lastSeen(index),
      })),
    });
    const { now } = everything;
    const input = { organizationId: '1', callerUserId: null, projects: null, now };
    const all = await selected(many.stores, { ...input, query: null });
    expect(all.groupIds).toHaveLength(1_000);
    expect(all.groupIds[0]).toBe('11000');
    expect(all.truncated).toBe(true);
    const one = await selected(many.stores, { ...input, query: 'oldest' });
    expect(one).toEqual({ groupIds: ['10000'], truncated: false });
    const rest = await selected(many.stores, { ...input, query: '"One of many"' });
    expect(rest.groupIds).toHaveLength(1_000);
    expect(rest.truncated).toBe(false);

    const bounded = { ...input, query: 'oldest', walkLimit: 500 };
    expect(await selected(many.stores, bounded)).toEqual({ groupIds: [], truncated: true });
    const window = { start: lastSeen(0), end: lastSeen(2) };
    const early = await selected(many.stores, { ...input, query: 'is:unresolved', window });
    expect(early.groupIds).toEqual(['10002', '10001', '10000']);
    const since = { ...bounded, window: { start: lastSeen(900), end: null } };
    expect(await selected(many.stores, since)).toEqual({ groupIds: [], truncated: false });
  });

  it('is refused for names that stand for nobody', async () => {
    await expect(select('!assigned:dave')).rejects.toThrow(
      'Nobody is called dave in this organization.',
    );
  });
});

it('a list follows what has just been changed', async () => {
  const own = await worldOnFreshTable({ groups: groups.slice(0, 4) });
  const unresolved = async (query: string) =>
    (await listIssues(own.stores, { ...everything, query, limit: 10 })).issues.map(
      ({ group }) => group.id,
    );
  expect(await unresolved('assigned:me')).toEqual([]);
  await updateGroups(updateDeps(own.stores), {
    organizationId: '1',
    groupIds: ['501'],
    projects: null,
    update: {
      ...assignedTo('user:13'),
      status: { status: 'ignored', substatus: null, resolvedIn: null, conditions: {} },
    },
    initiator: { actingUserId: '11', requestId: 'r1' },
  });
  expect(await unresolved('assigned:carol')).toEqual(['501']);
  expect(await unresolved('is:unresolved')).toEqual(['502']);
  expect(await unresolved('is:archived')).toEqual(['501']);
});
