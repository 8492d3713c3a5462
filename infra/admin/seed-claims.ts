import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { anyOf, attributeIs, doesNotExist } from '../../shared/stores/conditions.ts';
import { directoryKeys } from '../../shared/stores/keys/directory-keys.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { integrationKeys } from '../../shared/stores/keys/integration-keys.ts';
import { projectKeys } from '../../shared/stores/keys/project-keys.ts';
import { seedKeys } from '../../shared/stores/keys/seed-keys.ts';
import type { Key } from '../../shared/stores/keys.ts';
import type { Item, Table } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import type { World } from '../world/schema.ts';

/** The maximum number of parameters that SSM reads at a time. */
const NAMES_PER_CALL = 10;
const CLAIMS_PER_TRANSACTION = 100;

/** What a world creates, and the row that exists if it has been created. */
type Made = { readonly kind: string; readonly id: string; readonly row: Key };

type Target = {
  readonly table: Table;
  readonly ssm: SSMClient;
  /** The name of the world: a second run of it may overwrite what the first one wrote. */
  readonly name: string;
  readonly secretName: (reference: string) => string;
};

/**
 * Claims what a world is about to write. If anything exists that this world has not created,
 * nothing is claimed.
 *
 * @throws Error with a line for each of them
 */
export async function claimWorld(world: World, target: Target): Promise<void> {
  const { table, name } = target;
  const made = madeBy(world);
  const secrets = Object.keys(world.secrets);
  const keys = [
    ...made.map(({ kind, id }) => seedKeys.claim(kind, id)),
    ...secrets.map((reference) => seedKeys.claim('secret', reference)),
  ];
  const claims = new Map((await table.batchGet(keys)).map((item) => [item.pk, item.world]));
  const isOurs = (kind: string, id: string) => claims.get(seedKeys.claim(kind, id).pk) === name;
  const foreign = made.filter(({ kind, id }) => !isOurs(kind, id));
  const there = rowsByKey(await table.batchGet(foreign.map(({ row }) => row)));
  const inTheWay = [
    ...foreign.filter(({ row }) => there.has(textOf(row))).map(({ kind, id }) => `${kind} ${id}`),
    ...(await slugsTaken(world, table)),
    ...(await groupsElsewhere(world, table)),
    ...(await secretsThere(
      secrets.filter((reference) => !isOurs('secret', reference)),
      target,
    )),
  ];
  if (inTheWay.length > 0) {
    throw new Error(
      ['Nothing was written. This exists and was not created by this world:', ...inTheWay].join(
        '\n  ',
      ),
    );
  }
  await claim(keys, target);
}

/** Everything but groups, which belong to their project. */
function madeBy(world: World): Made[] {
  const of = (
    kind: string,
    entries: readonly { readonly id: string }[],
    row: (id: string) => Key,
  ) => entries.map(({ id }) => ({ kind, id, row: row(id) }));
  return [
    ...of('organization', world.organizations, directoryKeys.organization),
    ...of('user', world.users, directoryKeys.user),
    ...of('team', world.teams, directoryKeys.team),
    ...of('project', world.projects, projectKeys.project),
    ...of('integration', world.integrations, integrationKeys.integration),
  ];
}

async function slugsTaken(world: World, table: Table): Promise<string[]> {
  const slugs = await table.batchGet(
    world.organizations.map(({ slug }) => directoryKeys.organizationSlug(slug)),
  );
  const ids = new Map(slugs.map((item) => [item.pk, item.organizationId]));
  return world.organizations.flatMap(({ id, slug }) => {
    const owner = ids.get(directoryKeys.organizationSlug(slug).pk) ?? id;
    return owner === id ? [] : [`organization slug ${slug}, of the organization ${String(owner)}`];
  });
}

/** Groups with these ids in other projects. */
async function groupsElsewhere(world: World, table: Table): Promise<string[]> {
  const projects = new Map(world.groups.map(({ id, project }) => [id, project]));
  const rows = await table.batchGet([...projects.keys()].map(groupKeys.group));
  return rows.flatMap(({ id, projectId }) =>
    projects.get(id as string) === projectId
      ? []
      : [`group ${String(id)}, of the project ${String(projectId)}`],
  );
}

async function secretsThere(
  references: readonly string[],
  { ssm, secretName }: Target,
): Promise<string[]> {
  const names = references.map(secretName);
  const found: string[] = [];
  for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
    const Names = names.slice(start, start + NAMES_PER_CALL);
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
    found.push(...Parameters.map(({ Name }) => `parameter ${Name}`));
  }
  return found;
}

/** Of two worlds that claim the same ids at the same time, at most one succeeds. */
async function claim(keys: readonly Key[], { table, name }: Target): Promise<void> {
  const transact = createTransact(table);
  for (let start = 0; start < keys.length; start += CLAIMS_PER_TRANSACTION) {
    const outcome = await transact(
      keys.slice(start, start + CLAIMS_PER_TRANSACTION).map((key) => ({
        name: 'claim',
        put: {
          Item: { ...key, entity: 'seedClaim', world: name },
          ...anyOf(doesNotExist, attributeIs('world', name)),
        },
      })),
    );
    if (!outcome.committed) {
      throw new Error('Another world with the same ids is being written: try again.');
    }
  }
}

function rowsByKey(items: readonly Item[]): ReadonlySet<string> {
  return new Set(items.map(textOf));
}

function textOf({ pk, sk }: Pick<Item, 'pk' | 'sk'>): string {
  return `${pk}\n${sk}`;
}
