import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const DEFAULT_PORT = 8787;

/** The options of `npm start`. */
export type StartOptions = {
  /** 0 for a free port. */
  readonly port: number;
  /** The file of the world to load; undefined for the default, or the world in a kept table. */
  readonly world: string | undefined;
  /** The file of a kept table. */
  readonly db: string | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly rateLimits: boolean;
  /** Origins whose pages may call the API, separated by commas; undefined for none. */
  readonly allowedOrigins: string | undefined;
  /** Whether functions that use the cache are in a VPC. */
  readonly vpc: boolean;
  readonly watch: boolean;
  /** The name of the function to debug; undefined for none. */
  readonly inspect: string | undefined;
};

export const USAGE = `Usage: npm start -- [options]

  --port N           listen on this port (default ${DEFAULT_PORT}; 0 chooses a free one)
  --world FILE       load this world instead of the project's own
  --db PATH          keep the table in this file
  --json             print one line of JSON when ready
  --verbose          print what functions print, and the variables that the driver replaces
  --watch            rebuild and reload functions whose source changes
  --inspect FUNCTION let a debugger attach to this function, e.g. group-update
  --vpc              put functions that use the cache into a VPC, as in staging and prod
  --allowed-origins ORIGINS
                     let pages of these origins call the API, e.g. http://localhost:5173
  --no-rate-limits   let every caller ask as often as it likes
  --help             print this`;

/**
 * Parses the arguments of `npm start`; undefined if help was requested.
 *
 * @throws Error about an invalid argument
 */
export function parseOptions(args: readonly string[]): StartOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      world: { type: 'string' },
      db: { type: 'string' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      inspect: { type: 'string' },
      vpc: { type: 'boolean', default: false },
      'allowed-origins': { type: 'string' },
      'no-rate-limits': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}.`);
  }
  if (values.world !== undefined && !existsSync(values.world)) {
    throw new Error(`There is no world ${values.world}.`);
  }
  if (values.db === '') {
    throw new Error('--db takes the path of a file.');
  }
  return {
    port,
    world: values.world,
    db: values.db,
    json: values.json,
    verbose: values.verbose,
    watch: values.watch,
    inspect: values.inspect,
    vpc: values.vpc,
    rateLimits: !values['no-rate-limits'],
    allowedOrigins: values['allowed-origins'],
  };
}
