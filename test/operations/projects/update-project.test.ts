import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DomainError } from '../../../shared/domain/errors.ts';
import { changeNotificationSettings } from '../../../shared/operations/projects/notification-settings.ts';
import {
  type UpdateProjectDeps,
  type UpdateProjectInput,
  updateProject,
} from '../../../shared/operations/projects/update-project.ts';
import { projectKeys } from '../../../shared/stores/keys/project-keys.ts';
import { projectItem } from '../../../shared/stores/projects/projects.ts';
import { project } from '../../support/builders.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { changingDeps } from '../../support/saving.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable();
});

function update(
  projectId: string,
  changes: UpdateProjectInput['update'],
  more: Partial<UpdateProjectInput & { deps: Partial<UpdateProjectDeps>; in: TestWorld }> = {},
) {
  const { deps, in: where = world, ...input } = more;
  return updateProject(
    { ...changingDeps(where.stores), ...deps },
    {
      organizationId: '1',
      projectId,
      update: changes,
      initiator: { actingUserId: '11', requestId: 'r1' },
      ...input,
    },
  );
}

async function refusal(promise: Promise<unknown>) {
  const error = (await promise.then(
    () => undefined,
    (reason) => reason,
  )) as DomainError | undefined;
  return error?.fields ?? error?.detail;
}

async function versionsOf(projectId: string, where = world) {
  const events = await recordedEvents(where.stores.table);
  return events
    .filter(({ type, detail }) => type === 'project.updated' && detail.projectId === projectId)
    .map(({ detail }) => detail.version)
    .sort((a, b) => a - b);
}

describe('updates of one project at once', () => {
  it('all come true, one version each, and none undoes another', async () => {
    const own = await worldOnFreshTable();
    await Promise.all([
      update('31', { name: 'Renamed' }, { in: own }),
      update('31', { platform: 'go' }, { in: own }),
      update('31', { options: { a: 1 } }, { in: own }),
      update('31', { options: { b: 2 } }, { in: own }),
      update('31', { attach: ['22'] }, { in: own }),
      update('31', {}, { in: own, isBookmarked: true }),
    ]);
    const after = await own.stores.projects.withTeams('31');
    expect(after?.project).toMatchObject({
      name: 'Renamed',
      platform: 'go',
      options: { a: 1, b: 2 },
      version: 5,
      shortIdCounter: 2,
    });
    expect(after?.teamIds).toEqual(['21', '22']);
    expect(await versionsOf('31', own)).toEqual([1, 2, 3, 4, 5]);
    expect(await own.stores.projects.bookmarkedBy('11', ['31'])).toEqual(new Set(['31']));
  });

  it('to one slug let one of them have it; the others hear whose it is', async () => {
    const own = await worldOnFreshTable();
    const slug = `wanted-${randomUUID()}`;
    const outcomes = await Promise.all(
      ['31', '32'].map((id) => refusal(update(id, { slug }, { in: own }))),
    );
    const winner = outcomes.indexOf(undefined);
    const name = ['Shop', 'Site'][winner];
    expect(outcomes[1 - winner]).toEqual({
      slug: [`Another project (${name}) is already using that slug`],
    });
    const holder = await own.stores.projects.bySlug('1', slug);
    expect(holder).toMatchObject({ projectId: ['31', '32'][winner], isRedirect: false });
    expect(await own.stores.projects.bySlug('1', ['site', 'shop'][winner] ?? '')).toMatchObject({
      isRedirect: false,
    });
  });

  it('that lose a slug only in the commit are 400 too', async () => {
    const real = world.stores.projects;
    let looks = 0;
    const projects = {
      ...real,
      // The first look is too early to see who takes it.
      bySlug: async (organizationId: string, slug: string) =>
        looks++ === 0 ? undefined : real.bySlug(organizationId, slug),
    };
    expect(await refusal(update('31', { slug: 'site' }, { deps: { projects } }))).toEqual({
      slug: ['Another project (Site) is already using that slug'],
    });
    expect(looks).toBe(2);
    expect((await real.withTeams('31'))?.project.slug).toBe('shop');
  });

  it('leave the counter of short ids to those who raise it', async () => {
    const own = await worldOnFreshTable();
    const stale = await own.stores.projects.withTeams('31');
    await own.stores.transact([
      {
        name: 'counter',
        update: {
          Key: projectKeys.project('31'),
          UpdateExpression: 'ADD shortIdCounter :one',
          ExpressionAttributeValues: { ':one': 1 },
        },
      },
    ]);
    const projects = { ...own.stores.projects, withTeams: async () => stale };
    await update('31', { name: 'Later' }, { in: own, deps: { projects } });
    expect((await own.stores.projects.withTeams('31'))?.project).toMatchObject({
      name: 'Later',
      shortIdCounter: 3,
    });
  });
});

describe('a project on its way out', () => {
  const gone = project({ id: '77', slug: 'gone', status: 'pending_deletion' });
  beforeAll(async () => {
    await world.stores.transact([{ name: 'project', put: { Item: projectItem(gone) } }]);
  });

  it.each<[string, UpdateProjectInput['update'], Partial<UpdateProjectInput>]>([
    ['an update', { name: 'n' }, {}],
    ['a bookmark', {}, { isBookmarked: true }],
    ['a team', { attach: ['22'] }, {}],
  ])('takes no writes: %s', async (_, changes, more) => {
    const before = await world.stores.table.get(projectKeys.project('77'));
    expect(await refusal(update('77', changes, more))).toBe(
      'The requested resource does not exist',
    );
    expect(await world.stores.table.get(projectKeys.project('77'))).toEqual(before);
  });

  it.each<[string, UpdateProjectInput['update'], Partial<UpdateProjectInput>]>([
    ['an update', { name: 'n' }, {}],
    ['a bookmark', {}, { isBookmarked: true }],
  ])('takes none either from %s that was decided just before', async (_, changes, more) => {
    let looks = 0;
    const projects = {
      ...world.stores.projects,
      withTeams: async (id: string) => {
        const found = await world.stores.projects.withTeams(id);
        const earlier = looks++ === 0 && found;
        return earlier
          ? { ...earlier, project: { ...earlier.project, status: 'active' } as const }
          : found;
      },
    };
    const outcome = refusal(update('77', changes, { ...more, deps: { projects } }));
    expect(await outcome).toBe('The requested resource does not exist');
    expect(looks).toBe(2);
    expect(await world.stores.projects.bookmarkedBy('11', ['77'])).toEqual(new Set());
  });

  it('takes no notification settings', async () => {
    const ids = { organizationId: '1', projectId: '77', userId: '11' };
    const outcome = await world.stores.notificationSettings.set(ids, { alerts: 'never' });
    expect(outcome).toEqual({ committed: false, refused: ['project'] });
    expect(
      await refusal(
        changeNotificationSettings(
          world.stores,
          { organizationId: '1', project: '77', userId: '11' },
          { alerts: 'never' },
        ),
      ),
    ).toBe('The requested resource does not exist');
  });
});

describe('the teams of a project', () => {
  const many = Array.from({ length: 35 }, (_, index) => ({
    id: String(1000 + index),
    organization: 'acme',
    slug: `team-${index}`,
    name: `Team ${index}`,
    members: [],
  }));

  it('change in one transaction, 30 at most', async () => {
    const own = await worldOnFreshTable({ teams: [...smallWorld.teams, ...many] });
    const teams = many.slice(0, 29).map(({ slug }) => slug);
    await update('31', {}, { in: own, teams });
    expect((await own.stores.projects.withTeams('31'))?.teamIds).toHaveLength(29);
    expect(await own.stores.teams.projectIds('21')).toEqual([]);
    expect(await refusal(update('31', {}, { in: own, teams: [] }))).toBeUndefined();
    const all = many.map(({ slug }) => slug);
    expect(await refusal(update('31', {}, { in: own, teams: all }))).toEqual({
      teams: ['Ensure that no more than 30 teams change.'],
    });
  });

  it('are copied as far as they are still there, or not at all', async () => {
    const teams = many.map(({ slug }) => slug);
    const crowd = { id: '33', organization: 'acme', slug: 'crowd', name: 'Crowd', teams };
    const own = await worldOnFreshTable({
      teams: [...smallWorld.teams, ...many],
      projects: [...smallWorld.projects, crowd],
    });
    expect(await refusal(update('31', {}, { in: own, copyFrom: 'crowd' }))).toBe(
      'Copy project settings failed.',
    );
    expect((await own.stores.projects.withTeams('31'))?.teamIds).toEqual(['21']);
    await update('31', {}, { in: own, copyFrom: 'site' });
    expect((await own.stores.projects.withTeams('31'))?.teamIds).toEqual(['22']);
  });
});
