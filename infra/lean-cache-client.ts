import { readFileSync } from 'node:fs';
import { type Replacement, replacing } from './lean-aws-clients.ts';

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

/** What of the cache's client no function calls. */
export const CACHE_REPLACEMENTS: readonly Replacement[] = [
  {
    file: /@ioredis\/commands\/built\/commands\.json$/,
    contents: (path) => {
      const commands: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
      const kept = CACHE_COMMANDS.map((name) => [name, commands[name]] as const);
      return JSON.stringify(Object.fromEntries(kept));
    },
    loader: 'json',
  },
  // It writes to a terminal.
  {
    file: /debug\/src\/index\.js$/,
    contents: () =>
      'const silent = () => Object.assign(() => {}, { enabled: false }); module.exports = { default: silent };',
  },
  // Certificates of another vendor's service.
  {
    file: /ioredis\/built\/constants\/TLSProfiles\.js$/,
    contents: () => 'exports.default = {};',
  },
  // The cache is a cluster, and its nodes are asked for one another.
  {
    file: /ioredis\/built\/connectors\/SentinelConnector\/index\.js$/,
    contents: () => 'exports.default = exports.SentinelIterator = class {};',
  },
];

/**
 * Of the table of 400 commands that the cache's client brings only those above go into a bundle,
 * and of what functions never call nothing: 60 KB of what a cold start compiles.
 */
export const leanCacheClient = replacing('lean-cache-client', CACHE_REPLACEMENTS);
