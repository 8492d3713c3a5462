import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * The commands that the functions send to the cache, and those that its client sends by itself. The
 * client makes a method of each command that it knows, and asks for the positions of its keys.
 */
export const CACHE_COMMANDS: readonly string[] = [
  'asking',
  'auth',
  'client',
  'cluster',
  'del',
  'eval',
  'evalsha',
  'get',
  'hello',
  'info',
  'mget',
  'ping',
  'psubscribe',
  'quit',
  'readonly',
  'scard',
  'script',
  'select',
  'set',
  'sismember',
  'ssubscribe',
  'subscribe',
];

/**
 * Of the table of 400 commands that the cache's client brings only those above go into a bundle,
 * and of `debug`, which writes to a terminal, nothing: 40 KB of what a cold start compiles.
 */
export const leanCacheClient: Plugin = {
  name: 'lean-cache-client',
  setup(context) {
    context.onLoad({ filter: /@ioredis\/commands\/built\/commands\.json$/ }, ({ path }) => {
      const commands: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
      const kept = CACHE_COMMANDS.map((name) => [name, commands[name]] as const);
      return { contents: JSON.stringify(Object.fromEntries(kept)), loader: 'json' };
    });
    context.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent' }));
    context.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({
      contents:
        'const silent = () => Object.assign(() => {}, { enabled: false }); module.exports = { default: silent };',
      loader: 'js',
    }));
  },
};
