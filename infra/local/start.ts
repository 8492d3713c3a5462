/** `npm start`: runs the whole stack on this machine. */
import module from 'node:module';
import { dirname } from 'node:path';
import { parseOptions, type StartOptions, USAGE } from './options.ts';

const NEEDED_NODE = 24;

// The reader of our output may close it; the stack runs on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => {});
}

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED_NODE) {
  fail(
    `Baton needs Node ${NEEDED_NODE} or newer, and this is ${process.versions.node}. ` +
      'The right one comes with the development dependencies: run npm ci (without --ignore-scripts), then npm start.',
  );
}
// What was compiled once is loaded by the next start, and by the processes that it starts.
module.enableCompileCache();
process.env.NODE_COMPILE_CACHE ??= dirname(module.getCompileCacheDir() ?? '');
await run(readOptions());

async function run({ json, ...options }: StartOptions): Promise<void> {
  // Imported after the check of the version: older versions cannot load it.
  const [{ startStack }, { progressFor }] = await Promise.all([
    import('./stack.ts'),
    import('../terminal/progress.ts'),
  ]);
  const progress = progressFor({ json });
  const signal = untilSignal();
  const stack = await startStack({ ...options, progress, log: progress.note }).catch(
    (error: Error) => {
      progress.end();
      // Ctrl-C also ends the synthesis, whose failure is then no error.
      if (signal.came()) {
        process.exit(0);
      }
      return fail(options.verbose ? (error.stack ?? error.message) : error.message);
    },
  );
  const { stop, ...addresses } = stack;
  const isDemo = options.world === undefined && !json;
  const demo = isDemo ? { dsn: await readDsn(addresses) } : undefined;
  progress.end();
  process.stdout.write(json ? `${JSON.stringify(addresses)}\n` : greeting(addresses, demo));
  await signal.arrival;
  await stop();
  process.exit(0);
}

function readOptions(): StartOptions {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options) {
      return options;
    }
  } catch (error) {
    fail(`${(error as Error).message}\n\n${USAGE}`);
  }
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

/** Resolves at the first SIGINT or SIGTERM. A second one kills the process. */
function untilSignal(): { arrival: Promise<void>; came(): boolean } {
  let came = false;
  const arrival = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        came = true;
        resolve();
      });
    }
  });
  return { arrival, came: () => came };
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Where SDKs send the events of the demo project; undefined where a kept table has none. */
async function readDsn({
  url,
  token,
}: {
  url: string;
  token: string;
}): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}` };
  const keys = `${url}/api/0/projects/acme/shop/keys/`;
  const answer = await fetch(keys, { headers })
    .then((response) => response.json())
    .catch(() => undefined);
  const [key] = Array.isArray(answer) ? answer : [];
  return key?.dsn?.public;
}

/** The addresses of the stack, and three commands to try with the world of the project. */
function greeting(
  { url, dynamodb, redis, eventbridge, bus, table, token }: Record<string, string>,
  demo: { readonly dsn: string | undefined } | undefined,
): string {
  const api = `${url}/api/0`;
  const auth = `-H 'Authorization: Bearer ${token}'`;
  const second = demo
    ? `curl -X PUT ${auth} -H 'Content-Type: application/json' '${api}/projects/acme/shop/issues/?id=101&id=102' -d '{"assignedTo":"team:21"}'`
    : `curl ${auth} ${api}/projects/`;
  return `
Baton is at   ${api}/
its page      ${url}/_local/
its API page  ${url}/_local/api/
the table     ${table} at ${dynamodb}
the cache     ${redis}
the bus       ${bus} at ${eventbridge}
a token       ${token}
${demo?.dsn === undefined ? '' : `a DSN         ${demo.dsn}  (shop, of acme)\n`}
Try it:
  curl ${auth} ${api}/organizations/
  ${second}
  curl ${url}/_local/events

Ctrl-C stops it.
`;
}
