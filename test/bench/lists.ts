import { writeItems } from '../../infra/world/write.ts';
import { describeIssues } from '../../shared/operations/issues/describe-issues.ts';
import { listIssues } from '../../shared/operations/issues/list-issues.ts';
import type { IssueSearch } from '../../shared/operations/issues/search-issues.ts';
import { groupItem } from '../../shared/stores/issues/groups.ts';
import { userRowItem } from '../../shared/stores/issues/user-rows.ts';
import { group, NOW } from '../support/builders.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { inSequence } from './measure/counting-client.ts';

const SIZES = [1_000, 10_000, 100_000];
const PROJECTS = 1_000;
const PAGE = 100;
/** What alice holds and has bookmarked of them; bob holds nothing. */
const HELD = 50;
/** The page that is measured beside the first. */
const LATER_PAGE = 5;

const everything: IssueSearch = {
  organizationId: '1',
  callerUserId: '11',
  projects: ['31'],
  query: 'is:unresolved',
  now: NOW,
};

/** At most so many round trips one after the other, and so many read units. */
type Target = { readonly roundTrips: number; readonly units: number };

type Search = Target & { readonly name: string; readonly search: Partial<IssueSearch> };

const searches: readonly Search[] = [
  { name: 'a page of a project', search: {}, roundTrips: 6, units: 200 },
  {
    name: 'a page of all projects',
    search: { projects: null },
    roundTrips: 20,
    units: 200,
  },
  {
    name: 'assigned:me, who holds 50',
    search: { query: 'is:unresolved assigned:me' },
    roundTrips: 7,
    units: 200,
  },
  {
    name: 'assigned:bob, who holds nothing',
    search: { query: 'is:unresolved assigned:bob' },
    roundTrips: 6,
    units: 6,
  },
  {
    name: 'bookmarks:me, who has 50',
    search: { query: 'is:unresolved bookmarks:me' },
    roundTrips: 7,
    units: 200,
  },
  { name: 'issue:SHOP-7', search: { query: 'issue:SHOP-7' }, roundTrips: 6, units: 10 },
  {
    name: 'free text of every tenth',
    search: { query: 'is:unresolved tenth' },
    roundTrips: 20,
    units: 350,
  },
  {
    name: 'free text that nothing has',
    search: { query: 'is:unresolved nowhere' },
    roundTrips: 20,
    units: 150,
  },
  {
    name: 'timesSeen:>5, which nothing has',
    search: { query: 'is:unresolved timesSeen:>5' },
    roundTrips: 20,
    units: 150,
  },
  { name: 'the most events first', search: { order: 'freq' }, roundTrips: 30, units: 850 },
];

/**
 * What lists cost with what they show of their issues, by the number of issues: round trips one
 * after the other, items, read units (half of them for eventual reads are counted as such), each
 * beside its target, and whether the page ended at its bounds.
 */
export async function runListsBench(
  print: (line: string) => void,
  engines: Engines,
): Promise<void> {
  for (const size of SIZES) {
    const world = await benchWorld(engines, { groups: HELD, assignedTo: 'user:11' });
    await writeItems(groupRows(size - HELD), world);
    await writeItems(bookmarks(world.groupIds), world);
    print(`${size.toLocaleString('en')} issues in a project`);
    for (const search of searches) {
      await measure(print, world, search);
    }
    await measure(print, world, { ...laterPage, search: {} });
  }
  const world = await benchWorld(engines, { groups: 0, projects: PROJECTS });
  print(`${PROJECTS.toLocaleString('en')} projects in an organization, an issue each`);
  const all = { projects: null };
  await measure(print, world, { name: 'a page', search: all, ...organizationPage });
  await measure(print, world, { ...laterPage, search: all, ...organizationPage });
  await measure(print, world, {
    name: 'a page of all states',
    search: { ...all, query: '' },
    ...organizationPage,
  });
  await measure(print, world, {
    name: 'assigned:bob, who holds nothing',
    search: { ...all, query: 'is:unresolved assigned:bob' },
    roundTrips: 6,
    units: 6,
  });
  await measure(print, world, {
    name: 'free text that nothing has',
    search: { ...all, query: 'is:unresolved nowhere' },
    roundTrips: 20,
    units: 150,
  });
}

const organizationPage: Target = { roundTrips: 20, units: 260 };
const laterPage = { name: `page ${LATER_PAGE}`, page: LATER_PAGE, roundTrips: 20, units: 200 };

async function measure(
  print: (line: string) => void,
  { stores, counter }: Awaited<ReturnType<typeof benchWorld>>,
  { name, search, page = 1, roundTrips, units }: Search & { readonly page?: number },
): Promise<void> {
  const wanted = { ...everything, ...search, limit: PAGE };
  let from: { readonly from?: string } = {};
  for (let before = 1; before < page; before++) {
    const { next } = await listIssues(stores, { ...wanted, ...from });
    from = next === null ? {} : { from: next };
  }
  counter.take();
  const measured = await listIssues(stores, { ...wanted, ...from });
  await describeIssues(stores, measured.issues, {
    callerUserId: everything.callerUserId,
    withOwners: false,
  });
  const calls = counter.take();
  const sum = (of: 'units' | 'items') => calls.reduce((total, call) => total + call[of], 0);
  const columns = [
    `  ${name}`.padEnd(36),
    `${measured.issues.length} found`.padStart(9),
    `${inSequence(calls)} round trips`.padStart(15),
    `(${roundTrips})`.padEnd(5),
    `${calls.length} calls`.padStart(10),
    `${sum('items').toLocaleString('en')} items`.padStart(13),
    `${sum('units').toFixed(1)} units`.padStart(13),
    `(${units})`.padEnd(6),
    measured.truncated ? 'ended at its bounds' : '',
    measured.sortedWithin === null
      ? ''
      : `sorted within ${measured.sortedWithin.toLocaleString('en')}`,
  ];
  print(columns.join(' ').trimEnd());
}

function* groupRows(count: number) {
  for (let index = 0; index < count; index += 1) {
    yield groupItem({
      group: group({
        id: String(1_000_000 + index),
        shortId: `SHOP-${1_000 + index}`,
        title: `TypeError: unsupported operand in every ${index % 10 === 0 ? 'tenth' : 'other'}`,
        timesSeen: 1 + (index % 5),
        lastSeen: new Date(Date.parse(NOW) - index * 1_000).toISOString(),
      }),
      shareId: null,
      hasUserRows: true,
    });
  }
}

function* bookmarks(groupIds: readonly string[]) {
  for (const id of groupIds) {
    const own = { userId: '11', bookmarkedAt: NOW, subscription: null };
    yield userRowItem({ id, organizationId: '1', projectId: '31' }, own);
  }
}
