import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { LOCAL_CREDENTIALS } from '../../../infra/local/driver/services/aws-json.ts';
import { createTableRules } from '../../../infra/local/driver/table-rules/table-rules.ts';
import type {} from '../engines.ts';
import { untoldName } from '../names-told.ts';
import { engineTransport } from './engine-transport.ts';
import { opensUntold } from './openings-told.ts';

type Request = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

const checkRules = createTableRules();

/**
 * What the SDK does around each call that the engine makes no use of: 0.15 ms of CPU, a third of
 * what a read costs.
 */
const UNUSED_MIDDLEWARE = [
  'loggerMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'httpSigningMiddleware',
] as const;

/**
 * A client of a table. On the engine that the tests of a run share it holds the rules that the
 * engine lacks itself, as the server at `dynamoEndpoint` does for everyone: half of what a call
 * costs there is the way through that server. And it lets nobody change what a name of rules stands
 * for without telling the caches, or open an issue without telling of it.
 */
export function tableClient(
  endpoint: string,
  options: Pick<DynamoDBClientConfig, 'maxAttempts'> = {},
): DynamoDBClient {
  const direct = directlyTo(endpoint);
  const client = new DynamoDBClient({
    ...{ endpoint, region: 'local' },
    credentials: LOCAL_CREDENTIALS,
    ...direct,
    ...options,
  });
  if (direct !== undefined) {
    spareUnused(client);
    holdRules(client, untoldName);
  }
  return client;
}

/**
 * The SDK's class for handlers of which the clients are made as in AWS, from the environment: those
 * of the shared table are unsigned and go to its engine directly, as `tableClient` does. Others
 * (a proxy that a test puts in between) are as the SDK makes them.
 */
export class HandlersClient extends DynamoDBClient {
  constructor(config: DynamoDBClientConfig) {
    const direct = directlyTo(process.env.AWS_ENDPOINT_URL_DYNAMODB);
    super({ ...(direct && { ...direct, credentials: LOCAL_CREDENTIALS }), ...config });
    if (direct !== undefined) {
      spareUnused(this);
      holdRules(this, () => null);
    }
  }
}

/** The way to the engine behind `endpoint`, if that is the one that the tests of a run share. */
function directlyTo(endpoint: string | undefined): DynamoDBClientConfig | undefined {
  // The benches have an engine of their own, and no run of tests around them.
  const shared = process.env.VITEST === undefined ? undefined : inject('engines');
  return shared !== undefined && endpoint === shared.dynamoEndpoint
    ? { endpoint: shared.dynamoEngine, ...engineTransport(shared.dynamoEngine) }
    : undefined;
}

function spareUnused(client: DynamoDBClient): void {
  for (const name of UNUSED_MIDDLEWARE) {
    if (!client.middlewareStack.remove(name)) {
      throw new Error(`This version of the SDK has no ${name}.`);
    }
  }
}

type TransactionInput = Parameters<typeof untoldName>[0];

function holdRules(client: DynamoDBClient, nameUntold: (input: TransactionInput) => string | null) {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { headers, body } = args.request as Request;
      const [, operation = ''] = headers['x-amz-target']?.split('.') ?? [];
      const input = JSON.parse(new TextDecoder().decode(body));
      const untold = operation === 'TransactWriteItems' ? nameUntold(input) : null;
      if (untold !== null) {
        throw new Error(`A transaction changes ${untold} and no event makes cached rules stale.`);
      }
      if (operation === 'TransactWriteItems' && opensUntold(input)) {
        throw new Error('A transaction opens an issue and no event has its holder reviewed.');
      }
      const answer = await checkRules({ operation, input, keyId: undefined });
      if (answer === undefined) {
        return next(args);
      }
      const text = Buffer.from(JSON.stringify(answer.body));
      // Read like a response by the deserializer, which makes the output or the error of it.
      const response = { statusCode: answer.status, headers: {}, body: text };
      return { response, output: { $metadata: {} } as never };
    },
    { step: 'deserialize', priority: 'low' },
  );
}
