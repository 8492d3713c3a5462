import { type Actor, formatActor } from '../../domain/actor.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { gsi3 } from '../keys/index-keys.ts';
import { groupId } from '../row-fields.ts';
import { read, text } from '../rows.ts';
import type { Table } from '../table.ts';

/** An issue in the list of what an actor holds, with its position there. */
export type HeldIssue = { readonly groupId: GroupId; readonly position: string };

/** Round trips that count issues; each counts about 5,000. */
const MAX_COUNTING_ROUND_TRIPS = 10;

export type HoldingStore = ReturnType<typeof createHoldingStore>;

/**
 * What an actor of an organization holds and owns, in any status, by the lists of an index: they
 * may lag behind the latest writes for a moment.
 */
export function createHoldingStore(table: Table) {
  const count = (partition: string) =>
    table.count(
      {
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': partition },
      },
      MAX_COUNTING_ROUND_TRIPS,
    );

  return {
    /** A page of what somebody holds behind `from`, the first assigned first. One round trip. */
    async page(
      organizationId: OrganizationId,
      holder: Actor,
      part: { readonly from: string | null; readonly limit: number },
    ): Promise<{ readonly held: readonly HeldIssue[]; readonly more: boolean }> {
      const page = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression:
          part.from === null ? 'gsi1pk = :pk' : 'gsi1pk = :pk AND gsi1sk > :from',
        ExpressionAttributeValues: {
          ':pk': gsi3.assignedTo(organizationId, formatActor(holder)),
          ...(part.from === null ? {} : { ':from': part.from }),
        },
        Limit: part.limit,
      });
      const held = page.items.map((item) => ({
        groupId: read(item, 'groupId', groupId),
        position: read(item, 'gsi1sk', text),
      }));
      return { held, more: page.next !== undefined };
    },

    /**
     * How many issues an actor holds, and of how many they are the owning team, each as far as ten
     * Queries count: about 50,000.
     */
    async count(
      organizationId: OrganizationId,
      actor: Actor,
    ): Promise<{ readonly held: number; readonly owned: number }> {
      const [held, owned] = await Promise.all([
        count(gsi3.assignedTo(organizationId, formatActor(actor))),
        actor.type === 'team' ? count(gsi3.ownedBy(organizationId, actor.id)) : 0,
      ]);
      return { held, owned };
    },
  };
}
