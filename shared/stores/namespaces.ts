import { doesNotExist } from './conditions.ts';
import { namespaceKeys } from './keys/namespace-keys.ts';
import { read, text } from './rows.ts';
import type { Table } from './table.ts';
import type { Transact } from './transaction.ts';

/**
 * One row for each namespace of ids that was ever used. It names the incarnation of the counters
 * that the namespace began with, and is never changed: so counters that were lost can be told from
 * counters that never existed.
 */
export function createNamespaceStore(table: Table, transact: Transact) {
  return {
    /**
     * Adds the namespace's row if there is none, and answers the incarnation that the row names.
     * Two round trips.
     */
    async claim(namespace: string, incarnation: string): Promise<string> {
      const key = namespaceKeys.used(namespace);
      for (;;) {
        await transact([
          {
            name: 'namespace',
            put: {
              Item: { ...key, entity: 'namespace', namespace, incarnation },
              ...doesNotExist,
            },
          },
        ]);
        const used = await table.get(key);
        // None yet: another claim was under way, and is not committed.
        if (used !== undefined) {
          return read(used, 'incarnation', text);
        }
      }
    },
  };
}
