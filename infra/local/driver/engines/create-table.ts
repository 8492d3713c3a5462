import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

const CREATION_TIMEOUT_SECONDS = 30;

/** Properties that have an effect in AWS only. */
const WITHOUT_EFFECT_HERE = new Set([
  'BillingMode',
  'ReadOnDemandThroughputSettings',
  'Replicas',
  'SSESpecification',
  'TableName',
  'WarmThroughput',
  'WriteOnDemandThroughputSettings',
]);
const UNDERSTOOD = new Set([
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'StreamSpecification',
  'TimeToLiveSpecification',
]);

/**
 * The properties of an `AWS::DynamoDB::GlobalTable` that have an effect on one machine, as
 * CloudFormation spells them. Those for billing, encryption and replicas are ignored.
 */
export type TableProperties = Pick<
  CreateTableCommandInput,
  'AttributeDefinitions' | 'KeySchema' | 'LocalSecondaryIndexes'
> & {
  GlobalSecondaryIndexes?: CreateTableCommandInput['GlobalSecondaryIndexes'];
  StreamSpecification?: {
    StreamViewType: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
  };
  TimeToLiveSpecification?: { AttributeName?: string; Enabled: boolean };
};

/** The values of references to the table in the template. */
export type CreatedTable = {
  name: string;
  arn: string;
  /** Undefined if the table has no stream. */
  streamArn: string | undefined;
};

type CreateTableInput = {
  endpoint: string;
  name: string;
  properties: TableProperties;
};

/**
 * Creates a table from its properties in the template. If the table exists, in the file of an
 * earlier run, it is kept with its items.
 *
 * @throws Error for a property that is not supported, and when the existing table has other keys or
 * indexes than the template
 */
export async function createTable(input: CreateTableInput): Promise<CreatedTable> {
  requireUnderstood(input);
  const client = new DynamoDBClient({
    endpoint: input.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const table = await createOrKeep(client, input);
    if (table.TableStatus !== 'ACTIVE') {
      await waitUntilTableExists(
        { client, maxWaitTime: CREATION_TIMEOUT_SECONDS, minDelay: 1, maxDelay: 1 },
        { TableName: input.name },
      );
    }
    await enableTimeToLive(client, input);
    return { name: input.name, arn: table.TableArn ?? '', streamArn: table.LatestStreamArn };
  } finally {
    client.destroy();
  }
}

function requireUnderstood({ name, properties }: CreateTableInput): void {
  const unknown = Object.keys(properties).filter(
    (key) => !UNDERSTOOD.has(key) && !WITHOUT_EFFECT_HERE.has(key),
  );
  if (unknown.length > 0) {
    throw new Error(
      `The driver does not support these properties of the table ${name}: ${unknown.join(', ')}`,
    );
  }
}

async function createOrKeep(
  client: DynamoDBClient,
  input: CreateTableInput,
): Promise<TableDescription> {
  try {
    const created = await client.send(new CreateTableCommand(requestOf(input)));
    return created.TableDescription ?? {};
  } catch (error) {
    if (error instanceof ResourceInUseException) {
      return existingTable(client, input);
    }
    throw error;
  }
}

/** The request that creates the table: the properties in the form of the API. */
function requestOf({ name, properties }: CreateTableInput): CreateTableCommandInput {
  const { KeySchema, AttributeDefinitions, LocalSecondaryIndexes } = properties;
  const { GlobalSecondaryIndexes, StreamSpecification } = properties;
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema,
    AttributeDefinitions,
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(
        ({ IndexName, KeySchema: keys, Projection }) => ({
          IndexName,
          KeySchema: keys,
          Projection,
        }),
      ),
    }),
    ...(StreamSpecification && {
      StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
    }),
  };
}

/**
 * Returns the description of the table that exists.
 *
 * @throws Error when it has other keys or indexes than the template
 */
async function existingTable(
  client: DynamoDBClient,
  { name, properties }: CreateTableInput,
): Promise<TableDescription> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: name }));
  const [found, wanted] = [shapeOf(Table), shapeOf(properties)];
  if (found !== wanted) {
    throw new Error(
      `The table ${name} is already there with other keys or indexes than the template: ` +
        `${found} instead of ${wanted}. Start with another file: --db PATH`,
    );
  }
  return Table;
}

/** The keys of a table and of its indexes, as text that can be compared. */
function shapeOf(
  table: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'>,
) {
  const keys = (schema: TableDescription['KeySchema']) =>
    (schema ?? []).map((key) => `${key.KeyType}:${key.AttributeName}`).join(',');
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]
    .map((index) => `${index.IndexName}(${keys(index.KeySchema)})`)
    .sort();
  return [keys(table.KeySchema), ...indexes].join(' ');
}

async function enableTimeToLive(
  client: DynamoDBClient,
  { name, properties }: CreateTableInput,
): Promise<void> {
  const attribute = properties.TimeToLiveSpecification?.AttributeName;
  if (!properties.TimeToLiveSpecification?.Enabled || !attribute) {
    return;
  }
  const { TimeToLiveDescription: now } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: name }),
  );
  // DynamoDB refuses to enable time to live a second time.
  if (now?.AttributeName === attribute && now.TimeToLiveStatus === 'ENABLED') {
    return;
  }
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
    }),
  );
}
