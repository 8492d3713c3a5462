import { describe, expect, it } from 'vitest';
import { cascadeTeam } from '../../../shared/operations/cascades/cascade-team.ts';
import { addMember, inviteMember } from '../../../shared/operations/directory/add-member.ts';
import { admitMember } from '../../../shared/operations/directory/admit-member.ts';
import { deleteMember } from '../../../shared/operations/directory/delete-member.ts';
import { deleteTeam } from '../../../shared/operations/directory/delete-team.ts';
import { setAccountActive } from '../../../shared/operations/directory/set-account-active.ts';
import { joinTeam, leaveTeam } from '../../../shared/operations/directory/team-membership.ts';
import { repeatInvalidation } from '../../../shared/operations/issues/repeat-invalidation.ts';
import { updateProject } from '../../../shared/operations/projects/update-project.ts';
import {
  addExternalActor,
  changeExternalActor,
  listExternalActors,
  removeExternalActor,
} from '../../../shared/operations/sync/external-actors.ts';
import { removeIntegration } from '../../../shared/operations/sync/integrations.ts';
import { heardBy, hears } from '../../support/bus-events.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { appIsCores, ownersWorld, record, seen } from '../../support/owners.ts';
import { smallWorld } from '../../support/world.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;
type Deps = World['deps'];

const initiator = { actingUserId: '11', requestId: 'r1' };
const users = { organizationId: '1', type: 'user', initiator } as const;
const teams = { organizationId: '1', type: 'team', initiator } as const;
const account = {
  integrationId: '501',
  actorId: '22',
  externalName: '@acme/web',
  externalId: '',
  provider: null,
} as const;

const github = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'acme/web',
  baseUrl: 'https://api.github.com/repos/acme/web',
  secretRef: 'local/github-501',
  config: {},
} as const;

const world = () =>
  ownersWorld({
    ownership: [{ ...appIsCores, autoAssignment: 'Turn off Auto-Assignment' }],
    codeowners: [{ project: '31', raw: '/app/ @acme/web @core\n' }],
    integrations: [github],
    externalActors: [
      { integration: '501', user: '12', externalId: '7', externalName: '@bob' },
      { integration: '501', team: '21', externalId: '8', externalName: '@core' },
    ],
    teams: [
      ...smallWorld.teams,
      { id: '23', organization: 'acme', slug: 'spare', name: 'Spare', members: [] },
    ],
  });

async function teamOf({ stores }: World, id: string) {
  const team = (await stores.teams.byIds([id])).get(id);
  if (team === undefined) {
    throw new Error(`There is no team ${id}.`);
  }
  return team;
}

/** Everything that changes whom a name in rules or CODEOWNERS stands for. */
const causes: readonly [string, (deps: Deps, world: World) => Promise<unknown>][] = [
  ['an account is given to a team', (deps) => addExternalActor(deps, teams, account)],
  [
    'an account is given to a user',
    (deps) => addExternalActor(deps, users, { ...account, actorId: '13', externalName: 'carol' }),
  ],
  [
    'an account is given to another team',
    async (deps) => {
      const [{ id } = { id: '' }] = await listExternalActors(deps, teams);
      return changeExternalActor(deps, teams, id, { actorId: '22' });
    },
  ],
  [
    'an account is nobody’s any more',
    async (deps) => {
      const [{ id } = { id: '' }] = await listExternalActors(deps, users);
      return removeExternalActor(deps, users, id);
    },
  ],
  [
    'somebody joins a team',
    async (deps, at) => joinTeam(deps, { team: await teamOf(at, '22'), userId: '15', initiator }),
  ],
  [
    'somebody becomes a member with a team',
    (deps) =>
      addMember(deps, {
        organizationId: '1',
        role: 'member',
        teams: ['core'],
        user: { kind: 'actor', actor: { type: 'user', id: '14' } },
        addedBy: {
          userId: null,
          organizationIds: ['1', '2'],
          isOrganizationAdmin: true,
          requestId: 'r1',
        },
      }),
  ],
  [
    'somebody leaves a team',
    async (deps, at) => leaveTeam(deps, { team: await teamOf(at, '21'), userId: '12', initiator }),
  ],
  [
    'a member leaves the organization',
    (deps) => deleteMember(deps, { organizationId: '1', memberId: '12', initiator }),
  ],
  [
    'a team is deleted',
    (deps) => deleteTeam(deps, { organizationId: '1', team: 'spare', initiator }),
  ],
  [
    'the project gains a team',
    (deps, { shop }) =>
      updateProject(deps, {
        organizationId: '1',
        projectId: shop,
        update: { attach: ['22'] },
        initiator,
      }),
  ],
  [
    'the project loses a team',
    (deps, { shop }) =>
      updateProject(deps, {
        organizationId: '1',
        projectId: shop,
        update: { detach: ['21'] },
        initiator,
      }),
  ],
];

/** Nobody can be told while the cache is away. */
function withoutCache(deps: Deps): Deps {
  const away = async () => ({ ok: false, error: new Error('The cache is away.') }) as const;
  const ownershipCache = {
    ...deps.ownershipCache,
    invalidate: away,
    invalidateOrganization: away,
  };
  return { ...deps, ownershipCache };
}

/** What the bus brings to whoever repeats what requests did to the cache. */
async function bring({ stores, deps }: World): Promise<void> {
  for (const event of await recordedEvents(stores.table)) {
    if (hears('cache-repeat', event)) {
      await repeatInvalidation(deps, heardBy('cache-repeat', event));
    }
  }
}

/**
 * Whether the owners of the issue would be evaluated with its next event, and whether its rules are
 * read anew.
 */
async function isStale({ deps, shop, issue }: World): Promise<boolean> {
  const scope = { organizationId: '1', projectId: shop };
  const [owners, rules] = [
    await deps.ownerCaches.read(scope, issue),
    await deps.ownershipCache.read(scope),
  ];
  if (!owners.ok || !rules.ok) {
    throw new Error('The cache of the run is there.');
  }
  return (
    owners.value.evaluatedAtSeconds === null &&
    rules.value.codeowners === undefined &&
    rules.value.ownership === undefined
  );
}

describe('what the caches know of a project', () => {
  it.each(causes)('is stale at once when %s, and once more from its event', async (_, cause) => {
    const here = await world();
    await record(here.deps, seen({ groupId: here.issue }));
    expect(await isStale(here)).toBe(false);
    await cause(here.deps, here);
    expect(await isStale(here)).toBe(true);
    await record(here.deps, seen({ groupId: here.issue }));
    expect(await isStale(here)).toBe(false);
    await bring(here);
    expect(await isStale(here)).toBe(true);
  });

  it.each(causes)(
    'is stale from the event alone when %s while the cache is away',
    async (_, cause) => {
      const here = await world();
      await bring(here);
      await record(here.deps, seen({ groupId: here.issue }));
      await cause(withoutCache(here.deps), here);
      expect(await isStale(here)).toBe(false);
      await bring(here);
      expect(await isStale(here)).toBe(true);
    },
  );

  it.each<readonly [string, (deps: Deps) => Promise<unknown>]>([
    [
      'a tracker is removed',
      (deps) =>
        removeIntegration(
          { ...deps, addressProblem: () => null },
          { organizationId: '1', integrationId: '501', initiator },
        ),
    ],
    [
      'an account is switched off',
      (deps) => setAccountActive(deps, { userId: '12', isActive: false }),
    ],
    [
      'who was pending gets a token',
      async (deps) => {
        await inviteMember(deps, {
          organizationId: '1',
          role: 'member',
          teams: ['core'],
          email: 'dave@acme.io',
          addedBy: {
            userId: null,
            organizationIds: ['1'],
            isOrganizationAdmin: true,
            requestId: 'r1',
          },
        });
        await admitMember(deps, { organizationId: '1', userId: '14' });
      },
    ],
  ])('is stale from the event where %s, which happens away from the cache', async (_, cause) => {
    const here = await world();
    await record(here.deps, seen({ groupId: here.issue }));
    await cause(here.deps);
    expect(await isStale(here)).toBe(false);
    await bring(here);
    expect(await isStale(here)).toBe(true);
  });

  it('reaches live events: a mapping that was added assigns with the next one', async () => {
    const here = await ownersWorld({
      ownership: [],
      codeowners: [{ project: '31', raw: '/app/ @acme/heart\n' }],
      integrations: [github],
    });
    const { deps, stores, issue } = here;
    await record(deps, seen({ groupId: issue }));
    expect((await stores.assignments.ofGroup(issue))?.assignee ?? null).toBeNull();
    await addExternalActor(deps, teams, {
      ...account,
      actorId: '21',
      externalName: '@acme/heart',
    });
    await record(deps, seen({ groupId: issue }));
    expect((await stores.assignments.ofGroup(issue))?.assignee).toEqual({ type: 'team', id: '21' });
  });
});

describe('what stands for a team in trackers', () => {
  it('is gone with the team: out of sight at once, and removed by the worker', async () => {
    const here = await world();
    const { deps, stores } = here;
    const team = await teamOf(here, '21');
    const [external] = await listExternalActors(deps, teams);
    await deleteTeam(deps, { organizationId: '1', team: '21', initiator });
    expect(await listExternalActors(deps, teams)).toEqual([]);
    await expect(removeExternalActor(deps, teams, external?.id ?? '')).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    await cascadeTeam(deps, { team, requestId: 'r1', hasTime: () => true, pauseMs: 1 });
    expect(await stores.externalActors.ofActor('501', { type: 'team', id: '21' })).toEqual([]);
    expect(await stores.externalActors.ofActor('501', { type: 'user', id: '12' })).toHaveLength(1);
  });

  it('is refused for a team that goes in the same moment', async () => {
    const here = await world();
    const { deps } = here;
    const externalActors = {
      ...deps.externalActors,
      async insert(...args: Parameters<Deps['externalActors']['insert']>) {
        await deleteTeam(deps, { organizationId: '1', team: '22', initiator });
        return deps.externalActors.insert(...args);
      },
    };
    await expect(
      addExternalActor({ ...deps, externalActors }, teams, account),
    ).rejects.toMatchObject({ fields: { teamId: ['Team is not a member of this organization'] } });
  });

  it('stays removed when it is changed in the moment that it is removed', async () => {
    const here = await world();
    const { deps } = here;
    const [external] = await listExternalActors(deps, teams);
    const id = external?.id ?? '';
    const externalActors = {
      ...deps.externalActors,
      async replace(...args: Parameters<Deps['externalActors']['replace']>) {
        await removeExternalActor(deps, teams, id);
        return deps.externalActors.replace(...args);
      },
    };
    await expect(
      changeExternalActor({ ...deps, externalActors }, teams, id, { externalName: '@acme/new' }),
    ).rejects.toMatchObject({ code: 'resource.not_found' });
    expect(await listExternalActors(deps, teams)).toEqual([]);
  });
});
