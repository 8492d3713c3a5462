import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import { gsi4 } from '../keys/index-keys.ts';
import { groupId } from '../row-fields.ts';
import { read, text } from '../rows.ts';
import type { Table } from '../table.ts';

/** An issue in the list of orphans, with its position there. */
export type ListedOrphan = { readonly groupId: GroupId; readonly position: string };

/** Round trips that count orphans; each counts about 5,000. */
const MAX_COUNTING_ROUND_TRIPS = 10;

export type OrphanStore = ReturnType<typeof createOrphanStore>;

/**
 * The open issues of an organization whose holder may not hold them. Their assignments are the
 * entries of an index: it may lag behind the latest writes for a moment.
 */
export function createOrphanStore(table: Table) {
  return {
    /** A page of orphans, the latest assigned first, or backwards from `from`. One round trip. */
    async page(
      organizationId: OrganizationId,
      part: { readonly from?: string; readonly backwards?: boolean; readonly limit: number },
    ): Promise<{ readonly orphans: readonly ListedOrphan[]; readonly more: boolean }> {
      const { from, backwards = false, limit } = part;
      const page = await table.queryPage({
        IndexName: gsi4.name,
        KeyConditionExpression:
          from === undefined
            ? 'gsi4pk = :pk'
            : `gsi4pk = :pk AND gsi1sk ${backwards ? '>' : '<'} :from`,
        ExpressionAttributeValues: {
          ':pk': gsi4.orphansOf(organizationId),
          ...(from === undefined ? {} : { ':from': from }),
        },
        ScanIndexForward: backwards,
        Limit: limit,
      });
      const orphans = page.items.map((item) => ({
        groupId: read(item, 'groupId', groupId),
        position: read(item, 'gsi1sk', text),
      }));
      return { orphans, more: page.next !== undefined };
    },

    /**
     * How many orphans there are. One round trip for each 5,000 of them, ten at most: of more than
     * about 50,000 it answers what was counted until then.
     */
    count(organizationId: OrganizationId): Promise<number> {
      return table.count(
        {
          IndexName: gsi4.name,
          KeyConditionExpression: 'gsi4pk = :pk',
          ExpressionAttributeValues: { ':pk': gsi4.orphansOf(organizationId) },
        },
        MAX_COUNTING_ROUND_TRIPS,
      );
    },
  };
}
