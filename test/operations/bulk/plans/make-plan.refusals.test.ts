import { beforeAll, expect, it } from 'vitest';
import { assignedTo } from '../../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';
import { planned } from './plans.ts';

/** Twelve projects that web may not reach, and one that is its own: 32. */
const CLOSED = Array.from({ length: 12 }, (_, index) => ({
  ...{ id: String(300 + index), organization: 'acme', slug: `closed-${index}`, name: 'Closed' },
  teams: ['core'],
}));
/** More than a plan freezes at once, seen before those of the other projects. */
const OWN = Array.from({ length: 1_001 }, (_, index) => String(500_000 + index));
const issueOf = (project: string) => `4${project}`;
const issuesOf = (projects: readonly { readonly id: string }[]) =>
  projects.map(({ id }) => issueOf(id));

let world: TestWorld;
beforeAll(async () => {
  const own = { id: '32', organization: 'acme', slug: 'site', name: 'Site', teams: ['web'] };
  world = await worldOnFreshTable({
    projects: [...CLOSED, own],
    groups: [
      ...[...CLOSED, own].map(({ id }) => ({
        ...{ id: issueOf(id), project: id, shortId: `NO-${id}`, title: 'Refused' },
      })),
      ...OWN.map((id) => ({
        ...{ id, project: '32', shortId: `OWN-${id}`, title: 'Own' },
        lastSeen: '2026-11-20T12:00:00.000Z',
      })),
    ],
  });
});

const refusal = async (ids: readonly string[], actor: string, field = 'assignedTo') => {
  const id = actor.split(':')[1] ?? '';
  const team = { kind: 'actor', actor: { type: 'team', id } } as const;
  const update = field === 'ownerTeam' ? { ownerTeam: team } : assignedTo(actor);
  return planned(world, ids, { update }).then(
    () => null,
    ({ fields }: { fields?: Record<string, string[]> }) => fields?.[field],
  );
};

it.each([
  ['user:13', 1, 'Cannot assign to non-team member in 1 project: closed-0'],
  ['user:13', 3, 'Cannot assign to non-team member in 3 projects: closed-0, closed-1, closed-2'],
  [
    'team:22',
    2,
    'Cannot assign to a team without access to the project in 2 projects: closed-0, closed-1',
  ],
])('of %s in %i closed projects says which they are', async (actor, count, said) => {
  const ids = [issueOf('32'), ...issuesOf(CLOSED.slice(0, count))];
  expect(await refusal(ids, actor)).toEqual([said]);
});

it('of an owning team says so too', async () => {
  expect(await refusal(issuesOf(CLOSED.slice(0, 1)), 'team:22', 'ownerTeam')).toEqual([
    'Cannot assign to a team without access to the project in 1 project: closed-0',
  ]);
});

it('counts all and names ten', async () => {
  const [said = ''] = (await refusal(issuesOf(CLOSED), 'user:13')) ?? [];
  expect(said).toMatch(/ in 12 projects: closed-0, closed-1, closed-10, .*, \.\.\.$/);
  expect(said.match(/closed-/g)).toHaveLength(10);
});

it('speaks of all issues, also of those that come long after the first that refuses', async () => {
  const [first = '', ...others] = issuesOf(CLOSED);
  const [said = ''] = (await refusal([first, ...OWN.slice(0, 600), ...others], 'user:13')) ?? [];
  expect(said).toMatch(/ in 12 projects: closed-0, /);
  const [ofMany = ''] = (await refusal([...OWN, ...others], 'user:13')) ?? [];
  expect(ofMany).toMatch(/ in 11 projects: closed-1, /);
});

it('speaks of all that a search finds', async () => {
  const query = { kind: 'query', query: 'is:unresolved', callerUserId: '11' } as const;
  const made = planned(world, [], { source: query, update: assignedTo('user:13') });
  await expect(made).rejects.toMatchObject({
    fields: { assignedTo: [expect.stringMatching(/ in 12 projects: closed-0, /)] },
  });
});

it('of a release is one of several projects, however many issues of the first come before', async () => {
  const [first = ''] = issuesOf(CLOSED);
  const resolvedIn = { kind: 'release', version: '1.0' } as const;
  const status = { status: 'resolved', substatus: null, resolvedIn, conditions: {} } as const;
  for (const before of [OWN, OWN.slice(0, 500)]) {
    await expect(planned(world, [...before, first], { update: { status } })).rejects.toMatchObject({
      detail: 'Cannot set resolved for multiple projects.',
    });
  }
});

it('names no project to whom the organization does not know', async () => {
  expect(await refusal(issuesOf(CLOSED), 'user:14')).toEqual([
    'User is not a member of this organization',
  ]);
});

it('is none where every project admits them', async () => {
  expect(await refusal([issueOf('32')], 'user:13')).toBeNull();
});
