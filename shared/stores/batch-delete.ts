import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';
import { orThrottled, untilProcessed } from './throttling.ts';

const KEYS_PER_CALL = 25;
/** Calls at the same time. */
const WIDTH = 8;

export type BatchDelete = (keys: readonly Key[]) => Promise<void>;

/**
 * Deletes items, 25 a round trip and eight round trips at once. What is not there is as good as
 * deleted; nothing holds the items together, so this is for what nobody can write to any more.
 */
export function createBatchDelete({ client, name, backOff }: Table): BatchDelete {
  async function deleteOnce(keys: readonly Key[]): Promise<void> {
    const requests = keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
    const send = async (wanted: typeof requests) => {
      const RequestItems = { [name]: wanted };
      const output = await orThrottled(client.send(new BatchWriteCommand({ RequestItems })));
      return (output.UnprocessedItems?.[name] ?? []) as typeof requests;
    };
    await untilProcessed(requests, send, backOff);
  }

  return async (keys) => {
    let next = 0;
    async function worker(): Promise<void> {
      for (let start = next; start < keys.length; start = next) {
        next = start + KEYS_PER_CALL;
        await deleteOnce(keys.slice(start, next));
      }
    }
    await Promise.all(Array.from({ length: WIDTH }, worker));
  };
}
