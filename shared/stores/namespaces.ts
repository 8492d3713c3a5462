import { doesNotExist } from './conditions.ts';
import { namespaceKeys } from './keys.ts';
import { read, text } from './rows.ts';
import type { Table } from './table.ts';
import type { Transact } from './transaction.ts';

export type NamespaceStore = ReturnType<typeof createNamespaceStore>;

/**
 * The durable marks of the namespaces of ids: each names the incarnation of the counters that the
 * namespace began with. A mark is put once and never changed, so that counters which were lost are
 * told from counters that never were.
 */
export function createNamespaceStore(table: Table, transact: Transact) {
  return {
    /**
     * Puts the mark if there is none, and answers the incarnation that stands there now. Two round
     * trips.
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
