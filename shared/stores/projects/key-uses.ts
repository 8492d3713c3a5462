import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ClientKey, KeyRateLimit } from '../../domain/projects/client-key.ts';
import { attributeIsNotAbove } from '../conditions.ts';
import { seenKeys } from '../keys/seen-keys.ts';
import type { Table } from '../table.ts';
import { orThrottled } from '../throttling.ts';
import { updateRow } from '../updates.ts';

export type KeyUseStore = ReturnType<typeof createKeyUseStore>;

/**
 * How many events client keys with a limit have taken. They are counted in the table, since whoever
 * puts events on the bus cannot be in the network of the cache.
 */
export function createKeyUseStore(table: Table) {
  return {
    /**
     * Counts one more event of a key in the window that begins at this second; false, and nothing
     * counted, where that would be more than its limit. One round trip.
     */
    async take(
      key: Pick<ClientKey, 'id' | 'projectId'>,
      { count, window }: KeyRateLimit,
      windowStart: number,
    ): Promise<boolean> {
      if (count < 1) {
        return false;
      }
      const update = updateRow(
        seenKeys.keyUse(key.projectId, key.id, windowStart),
        {
          set: { entity: 'clientKeyUse', expiresAt: windowStart + 2 * window },
          add: { events: 1 },
        },
        attributeIsNotAbove('events', count - 1),
      );
      try {
        await orThrottled(
          table.client.send(new UpdateCommand({ TableName: table.name, ...update })),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return false;
        }
        throw error;
      }
    },
  };
}
