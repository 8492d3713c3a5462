import { randomBytes, randomUUID } from 'node:crypto';
import {
  type AdmitMemberDeps,
  admitMember,
} from '../../shared/operations/directory/admit-member.ts';
import { createMembershipStore } from '../../shared/stores/directory/memberships.ts';
import {
  createOrganizationStore,
  memberFromItem,
} from '../../shared/stores/directory/organizations.ts';
import { createPendingMemberStore } from '../../shared/stores/directory/pending-members.ts';
import { createTeamStore } from '../../shared/stores/directory/teams.ts';
import { createUserStore } from '../../shared/stores/directory/users.ts';
import { directoryKeys } from '../../shared/stores/keys/directory-keys.ts';
import type { Table } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import type { World } from './schema.ts';
import type { WorldIndex } from './world-index.ts';

type Pair = { readonly organizationId: string; readonly userId: string };

/** The ids of memberships, to which tokens are bound. */
export type WorldMemberships = {
  /** The id of a user's membership in an organization; undefined without one. */
  readonly idOf: (organizationId: string, userId: string) => string | undefined;
  /**
   * Turns pending members who get a token into members. To be called when everything but the tokens
   * is written.
   */
  readonly admitHolders: () => Promise<void>;
};

/**
 * Reads the ids of memberships that the table already has, so that loading a world again
 * invalidates no token. 100 memberships for each round trip.
 */
export async function readWorldMemberships(
  world: World,
  look: WorldIndex,
  { table, now }: { readonly table: Table; readonly now: string },
): Promise<WorldMemberships> {
  const members = world.members.map(({ organization, user }) => ({
    organizationId: look.organizationId(organization),
    userId: user,
  }));
  const holders = world.tokens.flatMap(({ user, organizations }) =>
    user === undefined
      ? []
      : organizations.map((reference) => ({
          organizationId: look.organizationId(reference),
          userId: user,
        })),
  );
  const items = await table.batchGet(
    [...members, ...holders].map((pair) => directoryKeys.member(pair.organizationId, pair.userId)),
  );
  const ids = new Map(items.map(memberFromItem).map((member) => [nameOf(member), member.id]));
  for (const pair of members) {
    if (!ids.has(nameOf(pair))) {
      ids.set(nameOf(pair), newId());
    }
  }

  return {
    idOf: (organizationId, userId) => ids.get(nameOf({ organizationId, userId })),
    async admitHolders() {
      const transact = createTransact(table);
      const deps: AdmitMemberDeps = {
        organizations: createOrganizationStore(table),
        users: createUserStore(table, transact),
        teams: createTeamStore(table),
        memberships: createMembershipStore(transact),
        pendingMembers: createPendingMemberStore(table, transact),
        clock: () => now,
        newId,
        newEventId: randomUUID,
      };
      for (const pair of holders) {
        const member = ids.has(nameOf(pair)) ? undefined : await admitMember(deps, pair);
        if (member !== undefined) {
          ids.set(nameOf(pair), member.id);
        }
      }
    },
  };
}

function nameOf({ organizationId, userId }: Pair): string {
  return `${organizationId} ${userId}`;
}

/** A random number below 2^52, as text. */
function newId(): string {
  return String(randomBytes(8).readBigUInt64BE() >> 12n);
}
