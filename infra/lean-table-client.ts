import type { Plugin } from 'esbuild';

/**
 * The table's client can ask where its table's endpoint is, which no stage has it do: what it would
 * remember the answers in, 5 KB of another package, is a Map in a bundle.
 */
export const leanTableClient: Plugin = {
  name: 'lean-table-client',
  setup(context) {
    context.onResolve({ filter: /^mnemonist\/lru-cache$/ }, ({ path }) => ({
      path,
      namespace: 'lean-table-client',
    }));
    context.onLoad({ filter: /.*/, namespace: 'lean-table-client' }, () => ({
      contents: 'export default class extends Map { constructor() { super(); } peek = this.get; }',
      loader: 'js',
    }));
  },
};
