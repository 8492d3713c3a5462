import { readFileSync } from 'node:fs';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { requestDeletion } from '../../shared/domain/projects/deletion.ts';
import { memberItems, organizationItems } from '../../shared/stores/directory/organizations.ts';
import { pendingItems } from '../../shared/stores/directory/pending-members.ts';
import { teamItems, teamMembershipItems } from '../../shared/stores/directory/teams.ts';
import { tokenItems } from '../../shared/stores/directory/tokens.ts';
import { userItems } from '../../shared/stores/directory/users.ts';
import { assignmentItem } from '../../shared/stores/issues/assignments.ts';
import { groupItem, shortIdItem } from '../../shared/stores/issues/groups.ts';
import { subscriptionItem } from '../../shared/stores/issues/subscriptions.ts';
import { userRowItem } from '../../shared/stores/issues/user-rows.ts';
import { projectKeys } from '../../shared/stores/keys/project-keys.ts';
import { ownerItem } from '../../shared/stores/ownership/group-owners.ts';
import { codeownersItems, ownershipItems } from '../../shared/stores/ownership/ownership.ts';
import { tombstoneItem } from '../../shared/stores/projects/deletions.ts';
import { notificationSettingsItem } from '../../shared/stores/projects/notification-settings.ts';
import {
  projectItem,
  projectSlugItem,
  projectTeamItems,
} from '../../shared/stores/projects/projects.ts';
import { json, rowReader } from '../../shared/stores/rows.ts';
import { externalActorItems } from '../../shared/stores/sync/external-actors.ts';
import { integrationItems } from '../../shared/stores/sync/integrations.ts';
import { linkItem } from '../../shared/stores/sync/links.ts';
import type { Item } from '../../shared/stores/table.ts';
import type { Stores } from '../../shared/wiring.ts';
import { NOW } from '../support/builders.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

/** The attributes by which a row is found again; each row has some of them. */
type Row = Item &
  Readonly<
    Record<
      | 'id'
      | 'organizationId'
      | 'userId'
      | 'teamId'
      | 'projectId'
      | 'groupId'
      | 'integrationId'
      | 'slug',
      string
    >
  > & { readonly version: number };

let world: TestWorld;
let rows: readonly Row[];

const acme = JSON.parse(
  readFileSync(new URL('../../infra/world/worlds/acme.json', import.meta.url), 'utf8'),
);

beforeAll(async () => {
  world = await worldOnFreshTable({
    ...acme,
    seen: [{ group: '101', user: '11' }],
    links: [{ group: '101', integration: acme.integrations[0].id, key: 'acme/shop#1' }],
  });
  const { stores } = world;
  await stores.pendingMembers.insert({
    id: '700',
    organizationId: '1',
    email: 'New@acme.io',
    role: 'member',
    teamIds: ['21'],
    dateCreated: NOW,
  });
  const { project } = await projectOf(stores, '31');
  const { deletion } = requestDeletion(project, { now: NOW, delaySeconds: 60 });
  await stores.transact([
    { name: 'tombstone', put: { Item: tombstoneItem(deletion, deletion.startsAt) } },
  ]);
  const { Items = [] } = await world.client.send(new ScanCommand({ TableName: world.table }));
  rows = Items as Row[];
});

async function projectOf({ projects }: Stores, id: string) {
  const found = await projects.withTeams(id);
  return found!;
}

async function groupOf({ groups }: Stores, id: string) {
  const row = await groups.byId(id);
  return row!;
}

/**
 * How each kind of row is read by the product, and described again from what was read: all rows of
 * the same fact, among them the one that was read.
 */
const again: Readonly<Record<string, (stores: Stores, row: Row) => Promise<readonly Item[]>>> = {
  organization: async ({ organizations }, { id }) =>
    organizationItems((await organizations.byId(id))!),
  organizationSlug: async ({ organizations }, { pk }) => {
    const id = await organizations.idOfSlug(pk.slice('ORGSLUG#'.length));
    return organizationItems((await organizations.byId(id!))!);
  },
  user: async ({ users }, { id }) => userItems((await users.profile(id))!.user),
  login: async ({ users }, { pk, userId }) => {
    expect(await users.idsOfLogin(pk.slice('LOGIN#'.length))).toContain(userId);
    return userItems((await users.profile(userId))!.user);
  },
  member: async ({ organizations }, { organizationId, userId }) =>
    memberItems((await organizations.member(organizationId, userId))!),
  pendingMember: async ({ pendingMembers }, { organizationId, id }) =>
    pendingItems((await pendingMembers.byId(organizationId, id))!),
  team: async ({ teams }, { id }) => teamItems((await teams.byIds([id])).get(id)!),
  teamSlug: async ({ teams }, { pk, sk }) => {
    const id = await teams.idOfSlug(pk.slice('O#'.length), sk.slice('TEAMSLUG#'.length));
    return teamItems((await teams.byIds([id!])).get(id!)!);
  },
  teamMember: async ({ teams }, { teamId }) =>
    (await teams.roster(teamId))!.memberships.flatMap(teamMembershipItems),
  token: (stores) => tokensAgain(stores),
  listedToken: (stores) => tokensAgain(stores),
  project: async (stores, { id }) => [projectItem((await projectOf(stores, id)).project)],
  projectSlug: async ({ projects }, { organizationId, slug }) => [
    projectSlugItem(organizationId, (await projects.bySlug(organizationId, slug))!),
  ],
  projectTeam: async (stores, { projectId }) => {
    const { project, teamIds } = await projectOf(stores, projectId);
    return teamIds.flatMap((teamId) => projectTeamItems(project, teamId));
  },
  tombstone: async ({ deletions }, { projectId }) => {
    const deletion = (await deletions.ofProject(projectId))!;
    return [tombstoneItem(deletion, deletion.startsAt)];
  },
  notificationSettings: async (stores, { organizationId, projectId, userId }) => {
    const settings = await stores.notificationSettings.ofUser(projectId, userId);
    return [notificationSettingsItem({ organizationId, projectId, userId }, settings)];
  },
  group: async (stores, { id }) => [groupItem(await groupOf(stores, id))],
  shortId: async (stores, { organizationId, pk }) => {
    const id = await stores.groups.idOfShortId(organizationId, String(pk.split('#')[2]));
    return [shortIdItem((await groupOf(stores, id!)).group)];
  },
  assignment: async ({ assignments }, { groupId }) => [
    assignmentItem((await assignments.ofGroup(groupId))!),
  ],
  subscription: async (stores, { groupId }) => {
    const { group } = await groupOf(stores, groupId);
    const { users, subscriptions } = await stores.userFlags.ofGroup(groupId);
    return [
      ...users.map((user) => userRowItem(group, user)),
      ...subscriptions.map((subscription) => subscriptionItem(group, subscription)),
    ];
  },
  owner: async (stores, { groupId, sk }) => {
    const { group } = await groupOf(stores, groupId);
    const owners = await stores.owners.ofGroup(groupId);
    return owners.map((owner) => ownerItem(group, owner, Number(sk.split('#').at(-1))));
  },
  ownership: (stores, row) => ownershipAgain(stores, row),
  codeowners: (stores, row) => ownershipAgain(stores, row),
  text: (stores, row) => ownershipAgain(stores, row),
  integration: async ({ integrations }, { id }) => integrationItems((await integrations.byId(id))!),
  organizationIntegration: async ({ integrations }, { pk, integrationId }) => {
    expect(await integrations.idsOfOrganization(pk.slice('O#'.length))).toContain(integrationId);
    return integrationItems((await integrations.byId(integrationId))!);
  },
  externalActor: async ({ externalActors }, { organizationId, id }) =>
    externalActorItems((await externalActors.byId(organizationId, id))!),
  link: async ({ links }, { groupId, id }) => [linkItem((await links.byId(groupId, id))!)],
};

/** Rows of which the product asks only whether they are there, or one number. */
const onlyAsked = new Set(['outbox', 'ownershipVersion', 'ownersVersion']);

async function tokensAgain({ tokens }: Stores): Promise<Item[]> {
  const secrets: string[] = acme.tokens.map(({ token }: { token: string }) => token);
  const found = await Promise.all(
    secrets.map(async (secret) => {
      const {
        id: _id,
        hash: _hash,
        lastCharacters: _last,
        ...token
      } = (await tokens.find(secret))!;
      return tokenItems(secret, token);
    }),
  );
  return found.flat();
}

async function ownershipAgain(stores: Stores, { projectId, version }: Row): Promise<Item[]> {
  const { project } = await projectOf(stores, projectId);
  const { ownership, tests } = await stores.ownership.ofProject(projectId);
  const files = await stores.ownership.codeownersOf(projectId);
  return [
    ...(ownership === null ? [] : ownershipItems(project, ownership, version, tests)),
    ...files.flatMap((file) => codeownersItems(project, file, version)),
  ];
}

describe('a row of a seeded world', () => {
  it('is of a kind that this test knows', () => {
    const kinds = new Set(rows.map(({ entity }) => String(entity)));
    const known = new Set([...Object.keys(again), ...onlyAsked]);
    expect([...kinds].filter((kind) => !known.has(kind))).toEqual([]);
    expect(Object.keys(again).filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it.each(Object.keys(again))(
    '%s is read, and what was read is written as it was',
    async (kind) => {
      const found = rows.filter(({ entity }) => entity === kind);
      expect(found.length).toBeGreaterThan(0);
      for (const row of found) {
        const described = await again[kind]!(world.stores, row);
        const same = described.find(({ pk, sk }) => pk === row.pk && sk === row.sk);
        // As the table keeps it: without what is undefined.
        expect(JSON.parse(JSON.stringify(same))).toEqual(row);
      }
    },
  );
});

describe('a damaged row', () => {
  it('says which row and which attribute it is, and not what is in it', async () => {
    const { table, transact, projects } = world.stores;
    const key = projectKeys.project('32');
    const { slug, ...damaged } = (await table.get(key))!;
    expect(slug).toBeTypeOf('string');
    await transact([{ name: 'project', put: { Item: damaged as Item } }]);
    await expect(projects.withTeams('32')).rejects.toThrow(
      'The row P#32 A#PROJECT is damaged: its attribute "slug" should be text and is missing.',
    );
  });

  it.each([
    [{ at: '{"a":' }, 'JSON and is a string'],
    [{ at: 7 }, 'text and is a number'],
    [{}, 'text and is missing'],
  ])('of JSON with %j in it says so', (row, what) => {
    const read = rowReader<{ at: unknown }>({ at: json });
    expect(() => read({ ...projectKeys.project('32'), ...row })).toThrow(
      `The row P#32 A#PROJECT is damaged: its attribute "at" should be ${what}.`,
    );
  });
});
