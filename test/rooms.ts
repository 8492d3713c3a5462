/** The rooms, the first prefix that fits wins. */
export const rooms = {
  'functions/': 'functions',
  'shared/domain/errors.ts': 'errors',
  'shared/retry.ts': 'retry',
  'shared/map-concurrently.ts': 'concurrency',
  'shared/domain/': 'domain',
  'shared/operations/': 'operations',
  'shared/stores/': 'stores',
  'shared/cache/': 'cache',
  'shared/trackers/': 'trackers',
  'shared/secrets/': 'secrets',
  'shared/messages/subscriptions.ts': 'subscriptions',
  'shared/messages/': 'messages',
  'shared/http/routes.ts': 'routes',
  'shared/http/routes/': 'routes',
  'shared/http/': 'http',
  'shared/request-scope.ts': 'request scope',
  'shared/env.ts': 'env',
  'shared/config.ts': 'config',
  'shared/wir': 'wiring',
  'shared/telemetry.ts': 'wiring',
  'infra/local/driver/': 'driver',
  'infra/local/page/': 'page',
  'infra/local/flow/': 'flow',
  'infra/world/': 'seeding',
  'infra/admin/': 'operating',
  'infra/smoke/': 'operating',
  'infra/api-document/': 'api document',
  'infra/': 'infra',
} as const;
export type Room = (typeof rooms)[keyof typeof rooms];

/**
 * What a room may import beside itself: whole modules, only their types, and packages (`any`, or by
 * their beginning).
 */
export const arrows: Readonly<
  Record<
    Room,
    {
      readonly modules: readonly Room[];
      readonly types: readonly Room[];
      readonly packages: 'any' | readonly string[];
    }
  >
> = {
  // Doorways: parse, call one operation, shape the reply. What they refuse themselves, they refuse
  // in the domain's words.
  functions: {
    modules: ['http', 'messages', 'operations', 'wiring', 'errors'],
    types: ['domain'],
    packages: ['aws-lambda'],
  },
  // Rules, without anything that could do something.
  domain: { modules: ['errors'], types: [], packages: [] },
  errors: { modules: [], types: [], packages: [] },
  // Waiting and deciding again, for whoever commits.
  retry: { modules: ['errors'], types: [], packages: [] },
  // Many things at the same time, for whoever does them.
  concurrency: { modules: [], types: [], packages: [] },
  // What an operation does to the world, it does through what its caller hands it.
  operations: {
    modules: ['domain', 'errors', 'retry', 'concurrency'],
    types: ['stores', 'cache', 'trackers', 'secrets'],
    packages: [],
  },
  stores: {
    modules: ['domain', 'errors', 'retry', 'concurrency'],
    types: [],
    packages: ['@aws-sdk/', 'node:'],
  },
  cache: {
    modules: ['domain', 'errors', 'request scope'],
    types: [],
    packages: ['ioredis', 'node:', '@smithy/', '@aws-crypto/', '@aws-sdk/'],
  },
  trackers: { modules: ['domain', 'errors'], types: [], packages: 'any' },
  // What signs in where, and with what: nobody else sees a secret.
  secrets: {
    modules: ['domain', 'trackers'],
    types: ['stores'],
    packages: ['@aws-sdk/client-ssm', 'standardwebhooks'],
  },
  // The edges speak the wire's language and call operations.
  http: {
    modules: ['routes', 'domain', 'errors', 'operations', 'request scope'],
    types: ['stores', 'cache'],
    packages: ['@middy/', 'aws-lambda', 'valibot', 'node:'],
  },
  messages: {
    modules: ['subscriptions', 'domain', 'errors', 'operations'],
    types: ['stores', 'cache'],
    packages: ['@aws-lambda-powertools/batch', '@aws-sdk/', 'aws-lambda', 'valibot', 'node:'],
  },
  routes: { modules: [], types: [], packages: [] },
  // Who hears which event: the stack makes its rules of it.
  subscriptions: { modules: [], types: ['domain'], packages: [] },
  'request scope': { modules: [], types: [], packages: ['node:'] },
  env: { modules: [], types: [], packages: [] },
  config: { modules: ['env'], types: ['domain'], packages: [] },
  wiring: {
    modules: ['config', 'domain', 'errors', 'stores', 'cache', 'trackers', 'secrets', 'messages'],
    types: ['operations', 'http'],
    packages: 'any',
  },
  // The stack knows its functions by their paths, and of the product the files that are written for
  // it.
  infra: {
    modules: ['env', 'routes', 'subscriptions', 'driver', 'flow', 'seeding'],
    types: [],
    packages: 'any',
  },
  // What the driver tells, in Baton's words: it knows keys and records, and changes nothing.
  flow: { modules: ['driver', 'domain', 'stores'], types: [], packages: ['node:'] },
  // What people read of the API is made of its routes and schemas, and tried on the local stack.
  'api document': {
    modules: ['infra', 'seeding', 'routes', 'http', 'domain', 'errors'],
    types: [],
    packages: 'any',
  },
  // The driver stands for AWS: it knows a synthesized template, and nothing of Baton.
  driver: { modules: [], types: [], packages: 'any' },
  // The page of the local stack runs in a browser, and knows of the product what its API says.
  page: { modules: [], types: [], packages: ['preact'] },
  // The commands of an operator call operations on a stack that runs.
  operating: {
    modules: [
      'infra',
      'driver',
      'seeding',
      'domain',
      'errors',
      'stores',
      'operations',
      'messages',
      'trackers',
      'env',
      'retry',
      'wiring',
    ],
    types: [],
    packages: 'any',
  },
  // Seeding writes rows, so it knows what they are; whoever gets a token of it becomes a member as
  // they would elsewhere.
  seeding: {
    modules: ['infra', 'driver', 'domain', 'errors', 'stores', 'operations'],
    types: [],
    packages: 'any',
  },
};
