import { writeItems } from '../../infra/world/write.ts';
import { listIssues } from '../../shared/operations/issues/list-issues.ts';
import type { IssueSearch } from '../../shared/operations/issues/search-issues.ts';
import { groupItem } from '../../shared/stores/issues/groups.ts';
import { group, NOW } from '../support/builders.ts';
import { benchWorld, type Engines } from './bench-world.ts';
import { inSequence } from './counting-client.ts';

const SIZES = [1_000, 10_000, 100_000];
const PROJECTS = 1_000;
const PAGE = 100;
/** What alice holds of them; bob holds nothing. */
const HELD = 50;

const everything: IssueSearch = {
  organizationId: '1',
  callerUserId: '11',
  projects: ['31'],
  query: 'is:unresolved',
  now: NOW,
};

const searches: readonly [name: string, search: Partial<IssueSearch>][] = [
  ['a page of a project', {}],
  ['assigned:me, who holds 50', { query: 'is:unresolved assigned:me' }],
  ['assigned:bob, who holds nothing', { query: 'is:unresolved assigned:bob' }],
  ['free text of every tenth', { query: 'is:unresolved tenth' }],
  ['free text that nothing has', { query: 'is:unresolved nowhere' }],
  ['timesSeen:>5, which nothing has', { query: 'is:unresolved timesSeen:>5' }],
  ['the most events first', { order: 'freq' }],
];

/**
 * What the first page of lists costs, by the number of issues: round trips one after the other,
 * calls, read units of the table (half of them for eventual reads are counted as such), and whether
 * the page ended at its bounds.
 */
export async function runListsBench(
  print: (line: string) => void,
  engines: Engines,
): Promise<void> {
  for (const size of SIZES) {
    const world = await benchWorld(engines, { groups: HELD, assignedTo: 'user:11' });
    await writeItems(groupRows(size - HELD), world);
    world.counter.take();
    print(`${size.toLocaleString('en')} issues in a project`);
    for (const [name, search] of searches) {
      await measure(print, world, name, search);
    }
  }
  const world = await benchWorld(engines, { groups: 0, projects: PROJECTS });
  print(`${PROJECTS.toLocaleString('en')} projects in an organization, an issue each`);
  await measure(print, world, 'a page of the organization', { projects: null });
  await measure(print, world, 'assigned:bob, who holds nothing', {
    projects: null,
    query: 'is:unresolved assigned:bob',
  });
}

async function measure(
  print: (line: string) => void,
  { stores, counter }: Awaited<ReturnType<typeof benchWorld>>,
  name: string,
  search: Partial<IssueSearch>,
): Promise<void> {
  counter.take();
  const page = await listIssues(stores, { ...everything, ...search, limit: PAGE });
  const calls = counter.take();
  const units = calls.reduce((sum, call) => sum + call.units, 0);
  const columns = [
    `  ${name}`.padEnd(44),
    `${page.issues.length} found`.padStart(10),
    `${inSequence(calls)} round trips`.padStart(16),
    `${calls.length} calls`.padStart(12),
    `${units.toFixed(1)} units`.padStart(14),
    page.truncated ? 'ended at its bounds' : '',
    page.sortedWithin === null ? '' : `sorted within ${page.sortedWithin.toLocaleString('en')}`,
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
        lastSeen: new Date(Date.parse(NOW) - index * 1_000).toISOString(),
      }),
      shareId: null,
    });
  }
}
