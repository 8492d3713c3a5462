/** A right that a call needs: an action on a resource. One call may need several. */
export type Demand = { readonly action: string; readonly resource: string };

type Input = Readonly<Record<string, unknown>>;

/** Returns the ARN of a resource of a service. */
export type ArnOf = (service: string, resource: string) => string;

/**
 * The rights that a call of DynamoDB needs. IAM has no action for a transaction: it needs those of
 * its items, each on its own table. A query of an index needs the index and not the table.
 *
 * @param tableArn returns the ARN of the table of this name
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

/** A value that is no list has no items; the engine refuses it with its own message. */
function itemsOf(items: unknown): readonly TransactItem[] {
  return Array.isArray(items) ? items.map((item) => Object(item)) : [];
}

/** The rights that a call of SQS needs. A batch needs the action of its single operation. */
export function queueDemands(operation: string, input: Input, arnOf: ArnOf): Demand[] {
  const name = String(input.QueueUrl ?? input.QueueName ?? '*').split('/');
  return [
    {
      action: `sqs:${operation.replace(/Batch$/, '')}`,
      resource: arnOf('sqs', name.at(-1) ?? ''),
    },
  ];
}

/**
 * The rights that a call of the parameter store needs. An ARN omits the slash that begins a name.
 */
export function parameterDemands(operation: string, input: Input, arnOf: ArnOf): Demand[] {
  const names = Array.isArray(input.Names) ? input.Names : [input.Name ?? input.Path ?? '*'];
  return names.map((name) => ({
    action: `ssm:${operation}`,
    resource: arnOf('ssm', `parameter/${String(name).replace(/^\//, '')}`),
  }));
}

/**
 * The rights that a call of EventBridge needs: one for each bus that its entries name, by name or
 * ARN.
 */
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

/** The rights that a login to a serverless cache as one of its users needs. */
export function cacheDemands(cache: string, user: string, arnOf: ArnOf): Demand[] {
  return [
    { action: 'elasticache:Connect', resource: arnOf('elasticache', `serverlesscache:${cache}`) },
    { action: 'elasticache:Connect', resource: arnOf('elasticache', `user:${user}`) },
  ];
}
