import type { Key } from '../keys.ts';

/** A namespace of snowflake ids, e.g. `project:0`. */
export const namespaceKeys = {
  used: (namespace: string): Key => ({ pk: `NAMESPACE#${namespace}`, sk: 'NAMESPACE' }),
};
