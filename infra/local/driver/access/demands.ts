/** What a call of a service takes: an action, on a resource. One call may take several. */
export type Demand = { readonly action: string; readonly resource: string };

type Input = Readonly<Record<string, unknown>>;

/** Gives the ARN of something that a call names. */
export type ArnOf = (service: string, resource: string) => string;

/**
 * What a call of DynamoDB takes. IAM knows no action for a transaction: it asks for those of its
 * items, each on its own table. A query of an index takes the index, and not the table.
 *
 * @param tableArn the ARN of the table of this name
 */
export function tableDemands(
  operation: string,
  input: Input,
  tableArn: (name: string) => string,
): Demand[] {
  const arn = (name: unknown): string =>
    String(name).startsWith('arn:') ? String(name) : tableArn(String(name));
  const on = (action: string, tables: readonly unknown[]): Demand[] =>
    tables.map((table) => ({ action: `dynamodb:${action}`, resource: arn(table) }));

  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return on(operation, Object.keys(Object(input.RequestItems)));
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return itemsOf(input.TransactItems).flatMap((item) =>
        Object.entries(item).flatMap(([kind, { TableName }]) =>
          on(ITEM_ACTIONS[kind] ?? kind, [TableName]),
        ),
      );
    default: {
      const { TableName, IndexName } = input;
      const index = IndexName === undefined ? '' : `/index/${String(IndexName)}`;
      return on(operation, [TableName]).map(({ action, resource }) => ({
        action,
        resource: resource + index,
      }));
    }
  }
}

const ITEM_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

type TransactItem = Readonly<Record<string, { readonly TableName?: unknown }>>;

/** The engine says what is wrong with a list that is none. */
function itemsOf(items: unknown): readonly TransactItem[] {
  return Array.isArray(items) ? items.map((item) => Object(item)) : [];
}

/** What a call of SQS takes. The batches of an operation have its own action. */
export function queueDemands(operation: string, input: Input, arnOf: ArnOf): Demand[] {
  const name = String(input.QueueUrl ?? input.QueueName ?? '*').split('/');
  return [
    {
      action: `sqs:${operation.replace(/Batch$/, '')}`,
      resource: arnOf('sqs', name.at(-1) ?? ''),
    },
  ];
}

/** What a call of the parameter store takes: the names begin with a slash, which the ARN drops. */
export function parameterDemands(operation: string, input: Input, arnOf: ArnOf): Demand[] {
  const names = Array.isArray(input.Names) ? input.Names : [input.Name ?? input.Path ?? '*'];
  return names.map((name) => ({
    action: `ssm:${operation}`,
    resource: arnOf('ssm', `parameter/${String(name).replace(/^\//, '')}`),
  }));
}

/** What a call of EventBridge takes: each bus that an entry names, by name or by ARN. */
export function busDemands(operation: string, input: Input, arnOf: ArnOf): Demand[] {
  const entries = Array.isArray(input.Entries) ? input.Entries : [{}];
  return entries.map((entry) => {
    const bus = String(Object(entry).EventBusName ?? 'default');
    return {
      action: `events:${operation}`,
      resource: bus.startsWith('arn:') ? bus : arnOf('events', `event-bus/${bus}`),
    };
  });
}

/** What it takes to log in to a serverless cache as a user of it. */
export function cacheDemands(cache: string, user: string, arnOf: ArnOf): Demand[] {
  return [
    { action: 'elasticache:Connect', resource: arnOf('elasticache', `serverlesscache:${cache}`) },
    { action: 'elasticache:Connect', resource: arnOf('elasticache', `user:${user}`) },
  ];
}
