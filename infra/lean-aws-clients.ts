import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** A module of a package that is another one in a bundle. */
export type Replacement = {
  /** The end of the module's path. */
  readonly file: RegExp;
  readonly contents: (path: string) => string;
  readonly loader?: 'js' | 'json';
};

/** Has bundles hold other modules than packages bring, because no function calls those. */
export function replacing(name: string, replacements: readonly Replacement[]): Plugin {
  return {
    name,
    setup(context) {
      for (const { file, contents, loader = 'js' } of replacements) {
        context.onLoad({ filter: file }, ({ path }) => ({ contents: contents(path), loader }));
      }
    },
  };
}

/** What of the clients of AWS's services no function calls: a tenth of them. */
export const AWS_REPLACEMENTS: readonly Replacement[] = [
  // Where an endpoint is, which no stage has a client ask for, is remembered in a Map.
  {
    file: /mnemonist\/lru-cache\.js$/,
    contents: () =>
      'export default class extends Map { constructor() { super(); } peek = this.get; }',
  },
  // None of the services' calls is a stream of events. What is imported when it is called keeps
  // all that it imports from being joined and shaken: 152 modules.
  {
    file: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents: () =>
      'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;',
  },
  // Functions have no files of profiles: nothing looks for them at each cold start.
  {
    file: /shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: () => `export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  // Of what a client's package says of itself it tells the services its version.
  {
    file: /@aws-sdk\/client-[a-z]+\/package\.json$/,
    contents: (path) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
      return JSON.stringify({ version });
    },
    loader: 'json',
  },
];

/** The clients of AWS's services without what no function calls. */
export const leanAwsClients = replacing('lean-aws-clients', AWS_REPLACEMENTS);
