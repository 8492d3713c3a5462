import { mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENV } from '../../shared/env.ts';
import type { Progress } from '../terminal/progress.ts';
import { loadWorld, type WorldSession } from '../world/load.ts';
import { createApiPages } from './api-page.ts';
import { createAccess } from './driver/access/access.ts';
import { createTableAccessCheck } from './driver/access/table-check.ts';
import { type CacheEngine, startCache } from './driver/engines/cache.ts';
import {
  type CreatedTable,
  createTable,
  type TableProperties,
} from './driver/engines/create-table.ts';
import { startTable } from './driver/engines/table.ts';
import { startTableFront, type TableCall } from './driver/engines/table-front.ts';
import { LOCAL_PATHS, type LocalPages, type Stack } from './driver/services/local-api.ts';
import { runAssembly } from './driver/services/run.ts';
import { type Server, startServer } from './driver/services/server.ts';
import { createParameterStore, type ParameterStore } from './driver/services/ssm.ts';
import { createTableFaults } from './driver/table-rules/faults.ts';
import { createTableRules } from './driver/table-rules/table-rules.ts';
import { type Assembly, readAssembly } from './driver/template/assembly.ts';
import { nameOf } from './driver/template/deployment.ts';
import { type Endpoints, replacedVariables } from './driver/template/environment.ts';
import { requireSupportedTemplate } from './driver/template/require-supported-template.ts';
import { createFeed } from './flow/feed.ts';
import { createRecorder } from './flow/recorder.ts';
import { createRing } from './flow/ring.ts';
import { readSeededWorld, writeSeededWorld } from './seeded-world.ts';
import { createStackPages } from './stack-page.ts';
import { synthesize } from './synth.ts';
import { watchFunctions } from './watch.ts';

const DEFAULT_WORLD = fileURLToPath(new URL('../world/worlds/acme.json', import.meta.url));

const untold: Pick<Progress, 'step' | 'count'> = { step: () => {}, count: () => {} };

export type StackOptions = {
  /** By default 0, for a free port. */
  readonly port?: number;
  /**
   * The file of the world to load; by default that of the project, or none if a kept table has one.
   * False for no world.
   */
  readonly world?: string | false | undefined;
  /** The file of a kept table; by default the table is removed with the stack. */
  readonly db?: string | undefined;
  /** Whether callers are limited; by default they are, as in every stage. */
  readonly rateLimits?: boolean;
  /** Origins whose pages may call the API, separated by commas; by default none. */
  readonly allowedOrigins?: string | undefined;
  /** Whether functions that use the cache are in a VPC, as in staging and prod. */
  readonly vpc?: boolean;
  readonly verbose?: boolean;
  /** Whether to rebuild and reload functions whose source changes. */
  readonly watch?: boolean;
  /** The name of the function to debug. */
  readonly inspect?: string | undefined;
  /** By default a server if there is one on the PATH, which takes 2 s to start. */
  readonly cacheEngine?: 'auto' | 'server' | 'wasm';
  /** A cache that nothing else uses, and that outlives the stack; by default one is started. */
  readonly cache?: CacheEngine | undefined;
  /** The folder of a synthesized app; by default the CDK app is synthesized. */
  readonly assembly?: string;
  /** Says what is being started, and how far it is; by default nobody is told. */
  readonly progress?: Pick<Progress, 'step' | 'count'>;
  /** Called for each line of the log; by default it goes to stderr. */
  readonly log?: (line: string) => void;
};

/** A running stack and its addresses. */
export type RunningStack = Stack & {
  /** Stops it with all its processes. */
  stop(): Promise<void>;
};

/**
 * Starts the whole stack on this machine: the engines, the synthesized app, and a world.
 *
 * @throws Error with a message for the user; nothing is left running then
 */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const cleanup = new AsyncDisposableStack();
  try {
    const stack = await start(options, cleanup);
    return { ...stack, stop: () => cleanup.disposeAsync() };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

async function start(options: StackOptions, cleanup: AsyncDisposableStack): Promise<Stack> {
  const { log = (line) => void process.stderr.write(`${line}\n`), verbose = false } = options;
  const server = await startServer(options.port ?? 0, (line) => log(`[driver] ${line}`));
  cleanup.defer(() => server.stop());
  const files = filesBeside(options.db);

  const { assembly, cache, tableEndpoint } = await prepare(options, cleanup);
  requireSupportedTemplate(assembly.template);
  const { logicalId, table, properties } = await createStackTable(assembly, tableEndpoint);
  const parameters = createParameterStore(files?.parameters);
  const access = createAccess((line) => log(`[driver] ${line}`));
  const faults = createTableFaults(tableEndpoint);
  const ring = createRing();
  const watches = {
    onWrite: () => running.wake(),
    watchWrite: (call: TableCall) => running.watchWrite(call),
  };
  const front = await startTableFront(
    tableEndpoint,
    [
      createTableAccessCheck(access, table),
      createTableRules(new Map([[table.name, properties]])),
      faults.check,
    ],
    watches,
  );
  cleanup.defer(() => front.stop());
  const endpoints = endpointsOf(server, front.endpoint, cache);
  if (verbose) {
    printReplaced(endpoints, log);
  }

  const running = runAssembly({
    assembly,
    tables: new Map([[logicalId, table]]),
    access,
    endpoints,
    tableEngine: tableEndpoint,
    faults,
    parameters,
    server,
    checkpointFile: files?.checkpoint,
    verbose,
    inspect: options.inspect,
    log,
    stack: () => stack,
    pages: eitherOf(
      createApiPages(() => stack),
      createStackPages(() => ({ ...session, baseUrl: stack.url })),
    ),
    addresses: { 'GET /_local/flow': createFeed(ring) },
    observe: createRecorder(ring, (line) => log(`[driver] ${line}`)),
  });
  cleanup.defer(() => running.stop());

  const { token, session } = await seed(options, {
    table,
    tableEndpoint: front.endpoint,
    parameters,
    log,
  });
  const stack: Stack = {
    url: server.url,
    dynamodb: front.endpoint,
    table: table.name,
    redis: cache.url,
    eventbridge: endpoints.eventbridge,
    bus: running.bus,
    token,
  };
  running.start();
  if (options.watch) {
    const watcher = watchFunctions({ reload: running.reload, log });
    cleanup.defer(() => watcher.stop());
  }
  return stack;
}

/** Starts the engines and synthesizes the app concurrently: the cache alone takes 2 s. */
async function prepare(options: StackOptions, cleanup: AsyncDisposableStack) {
  const { progress = untold } = options;
  progress.step('Starting a cache and a table, and building the functions');
  let ready = 0;
  const countReady = () => {
    ready += 1;
    progress.count(ready, starting.length);
  };
  const starting = [
    options.cache ??
      startCache({ engine: options.cacheEngine }).then((engine) => {
        cleanup.defer(() => engine.stop());
        return engine;
      }),
    startTable({ dbPath: options.db && resolve(options.db) }).then((engine) => {
      cleanup.defer(() => engine.stop());
      return engine;
    }),
    readOrSynthesize(options, cleanup),
  ] as const;
  for (const one of starting) {
    Promise.resolve(one).then(countReady, () => {});
  }
  // If one fails, wait for the others, so that none is left running.
  await Promise.allSettled(starting);
  const [cache, tableEngine, assembly] = await Promise.all(starting);
  return { cache, tableEndpoint: tableEngine.endpoint, assembly };
}

async function readOrSynthesize(
  { assembly, rateLimits = true, vpc = false, allowedOrigins }: StackOptions,
  cleanup: AsyncDisposableStack,
): Promise<Assembly> {
  if (assembly !== undefined) {
    return readAssembly(assembly);
  }
  const synthesis = await synthesize({ rateLimits, vpc, allowedOrigins });
  cleanup.defer(() => synthesis.remove());
  return readAssembly(synthesis.folder);
}

async function createStackTable(
  { template, stackName }: Assembly,
  endpoint: string,
): Promise<{ logicalId: string; table: CreatedTable; properties: TableProperties }> {
  const tables = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable',
  );
  const [first, ...others] = tables;
  if (!first || others.length > 0) {
    throw new Error('The template must have exactly one table.');
  }
  const [logicalId, resource] = first;
  const properties = resource.Properties as TableProperties;
  const name = nameOf(resource, logicalId, stackName);
  const table = await createTable({ endpoint, name, properties });
  return { logicalId, table, properties };
}

/** The files beside a kept table. */
function filesBeside(db: string | undefined) {
  if (db === undefined) {
    return undefined;
  }
  const path = resolve(db);
  mkdirSync(dirname(path), { recursive: true });
  return {
    checkpoint: `${path}.checkpoint.json`,
    parameters: `${path}.parameters.json`,
    world: `${path}.world.json`,
  };
}

function endpointsOf({ url }: Server, dynamodb: string, { host, port }: CacheEngine): Endpoints {
  return {
    dynamodb,
    eventbridge: url + LOCAL_PATHS.eventbridge,
    sqs: url + LOCAL_PATHS.sqs,
    ssm: url + LOCAL_PATHS.ssm,
    cache: `${host}:${port}`,
    cacheVariables: {
      [ENV.cacheHost]: host,
      [ENV.cachePort]: String(port),
      [ENV.cacheAuth]: 'none',
    },
    cacheNames: { cache: ENV.cacheName, user: ENV.cacheUser },
  };
}

function printReplaced(endpoints: Endpoints, log: (line: string) => void): void {
  log('The driver sets these variables in every function:');
  for (const [name, value] of Object.entries(replacedVariables(endpoints))) {
    log(`  ${name}=${value}`);
  }
  log('  AWS_ACCESS_KEY_ID=(the name of the function)');
  log('  AWS_SESSION_TOKEN=(another one for each process)');
  log('and these in functions that use the cache:');
  for (const [name, value] of Object.entries(endpoints.cacheVariables)) {
    log(`  ${name}=${value}`);
  }
}

type SeedContext = {
  table: CreatedTable;
  tableEndpoint: string;
  parameters: ParameterStore;
  log: (line: string) => void;
};

/** Loads the world, unless a kept table has one already; returns with what people begin in it. */
async function seed(
  { world, db, progress = untold }: StackOptions,
  { table, tableEndpoint, parameters, log }: SeedContext,
): Promise<{ token: string; session: WorldSession }> {
  if (world === false) {
    return { token: '', session: { organizations: [], tokens: [] } };
  }
  const file = filesBeside(db)?.world;
  const seeded = file && readSeededWorld(file, table.streamArn ?? '');
  if (seeded && world === undefined) {
    return seeded;
  }
  const worldFile = world ?? DEFAULT_WORLD;
  progress.step(`Writing the rows of ${basename(worldFile)}`);
  const { token = '', session } = await loadWorld({
    file: worldFile,
    onRows: (rows) => progress.count(rows),
    endpoint: tableEndpoint,
    table: table.name,
    putSecret: async (name, value) => void parameters.put(name, value),
    log,
  });
  if (file) {
    writeSeededWorld(file, { streamArn: table.streamArn ?? '', token, session });
  }
  return { token, session };
}

function eitherOf(...pages: readonly LocalPages[]): LocalPages {
  return async (path) => {
    for (const pagesOf of pages) {
      const page = await pagesOf(path);
      if (page !== undefined) {
        return page;
      }
    }
    return undefined;
  };
}
