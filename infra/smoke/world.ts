import { randomBytes } from 'node:crypto';
import { createBatchDelete } from '../../shared/stores/batch-delete.ts';
import { hashToken } from '../../shared/stores/directory/tokens.ts';
import { directoryKeys } from '../../shared/stores/keys/directory-keys.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { projectKeys } from '../../shared/stores/keys/project-keys.ts';
import type { Key } from '../../shared/stores/keys.ts';
import type { Table } from '../../shared/stores/table.ts';
import { writeWorld } from '../world/load.ts';
import { parseWorld } from '../world/read.ts';
import type { WorldInput } from '../world/schema.ts';

/** More members than are listed with an assignment: the followers have a page of their own. */
const MEMBERS_OF_TEAM = 110;
const CONCURRENT_PARTITIONS = 16;

/** The data of one run of the smoke test: an organization with unique ids. */
export type SmokeWorld = {
  readonly token: string;
  readonly organization: { readonly id: string; readonly slug: string };
  readonly team: { readonly id: string; readonly slug: string };
  readonly userIds: readonly string[];
  readonly project: { readonly id: string; readonly slug: string };
  readonly groupId: string;
  readonly shortId: string;
  readonly entries: WorldInput;
};

/** Creates a world in memory. */
export function createSmokeWorld(): SmokeWorld {
  const name = `smoke-${randomBytes(8).toString('hex')}`;
  const token = randomBytes(32).toString('base64url');
  const organization = { id: newId(), slug: name };
  const team = { id: newId(), slug: `${name}-team` };
  const project = { id: newId(), slug: `${name}-project` };
  const groupId = newId();
  const shortId = `${project.slug}-1`.toUpperCase();
  const userIds = Array.from({ length: MEMBERS_OF_TEAM }, newId);
  return {
    token,
    organization,
    team,
    userIds,
    project,
    groupId,
    shortId,
    entries: {
      organizations: [{ ...organization, name: 'Smoke test', openMembership: false, features: [] }],
      users: userIds.map((id) => ({ id, username: loginOf(id), name: 'Smoke test', emails: [] })),
      members: userIds.map((user) => ({ organization: name, user, role: 'member' })),
      teams: [
        {
          ...team,
          organization: name,
          name: 'Smoke test',
          members: userIds.map((user) => ({ user, isActive: true })),
        },
      ],
      projects: [{ ...project, organization: name, name: 'Smoke test', teams: [team.slug] }],
      groups: [{ id: groupId, project: project.id, shortId, title: 'Smoke test' }],
      tokens: [
        {
          token,
          user: userIds[0],
          organizations: [name],
          scopes: ['org:read', 'team:admin', 'project:admin', 'event:admin'],
        },
      ],
    },
  };
}

/** Writes the rows of the world into a table. */
export async function writeSmokeWorld({ entries }: SmokeWorld, table: Table): Promise<void> {
  await writeWorld(parseWorld(entries), {
    client: table.client,
    table: table.name,
    putSecret: () => Promise.reject(new Error('The smoke test has no secrets.')),
    log: () => {},
  });
}

/**
 * Removes all partitions of the world and of projects that were created in it. Its event records
 * are in shared partitions and expire.
 */
export async function removeSmokeWorld(
  world: SmokeWorld,
  createdProjectIds: readonly string[],
  table: Table,
): Promise<void> {
  const partitions = partitionsOf(world, createdProjectIds);
  const keys: Key[] = [];
  for (let start = 0; start < partitions.length; start += CONCURRENT_PARTITIONS) {
    const some = partitions.slice(start, start + CONCURRENT_PARTITIONS);
    keys.push(...(await Promise.all(some.map((pk) => keysOf(table, pk)))).flat());
  }
  await createBatchDelete(table)(keys);
}

function partitionsOf(world: SmokeWorld, createdProjectIds: readonly string[]): string[] {
  const { organization, team, userIds, project } = world;
  return [
    directoryKeys.token(hashToken(world.token)).pk,
    directoryKeys.organizationPartition(organization.id),
    directoryKeys.organizationSlug(organization.slug).pk,
    directoryKeys.teamPartition(team.id),
    ...userIds.map(directoryKeys.userPartition),
    ...userIds.map((id) => directoryKeys.loginPartition(loginOf(id))),
    ...[project.id, ...createdProjectIds].map(projectKeys.partition),
    groupKeys.partition(world.groupId),
    groupKeys.shortId(organization.id, world.shortId).pk,
  ];
}

async function keysOf(table: Table, pk: string): Promise<Key[]> {
  return table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: 'pk, sk',
    ConsistentRead: true,
  });
}

function loginOf(userId: string): string {
  return `smoke-${userId}`;
}

/** A random id below 2^52. */
function newId(): string {
  return String(randomBytes(8).readBigUInt64BE() >> 12n);
}
