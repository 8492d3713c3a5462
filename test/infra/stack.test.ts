import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionSpec, Use } from '../../infra/function-spec.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from '../../infra/functions.ts';
import { ENV } from '../../shared/env.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { render, synthesize, type Template, target } from './template.ts';

let alice: Template;
let prod: Template;

beforeAll(() => {
  alice = synthesize('alice');
  prod = synthesize('prod');
});

const spec = (name: string): FunctionSpec => FUNCTIONS[name as keyof typeof FUNCTIONS];

const CACHE = [ENV.cacheHost, ENV.cachePort, ENV.cacheAuth, ENV.cacheName, ENV.cacheUser];

/** The variables that each use of a function brings. */
const OF_USE: Partial<Record<Use, readonly string[]>> = {
  cache: CACHE,
  bus: [ENV.bus],
  'fifo:sync-outbound': [ENV.outboundQueue],
  'fifo:sync-inbound': [ENV.inboundQueue],
  'queue:webhook-delivery': [ENV.webhookQueue],
  backoff: [ENV.syncBackoff],
  'operation pace': [ENV.operationWrites, ENV.operationWorkers],
};

/** The variables that what makes a function run brings. */
const OF_TRIGGER: Partial<Record<FunctionSpec['trigger']['kind'], readonly string[]>> = {
  fifo: [ENV.queue, ENV.deadLetterQueue, ENV.syncBackoff],
  bus: [ENV.queue, ENV.deadLetterQueue],
  queue: [ENV.queue, ENV.deadLetterQueue, ENV.webhookAttempts],
};

function boundTo(name: FunctionName): string[] {
  const { uses, table, trigger } = spec(name);
  return [
    ...(table === undefined ? [] : [ENV.table]),
    ...uses.flatMap((use) => OF_USE[use] ?? []),
    ...(OF_TRIGGER[trigger.kind] ?? []),
  ];
}

describe('a function', () => {
  it.each(FUNCTION_NAMES)('%s runs on Node 24, on arm64, as the catalog says', (name) => {
    const { properties } = alice.functions().get(name) ?? expect.fail('not in the stack');
    expect(properties).toMatchObject({
      FunctionName: `baton-alice-${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: spec(name).timeoutSeconds,
      MemorySize: { light: 512, request: 1024, worker: 1024 }[spec(name).size],
    });
  });

  it.each(FUNCTION_NAMES)('%s knows its stage and what it is bound to, and no more', (name) => {
    const { properties } = alice.functions().get(name) ?? expect.fail('not in the stack');
    const known = Object.keys(properties.Environment.Variables).filter((key) =>
      key.startsWith('BATON_'),
    );
    const bound = boundTo(name);
    expect(known.sort()).toEqual([ENV.stage, ENV.rateLimits, ENV.snowflake, ...bound].sort());
  });

  it.each(FUNCTION_NAMES)('%s has no variable that Lambda keeps for itself', (name) => {
    const { properties } = alice.functions().get(name) ?? expect.fail('not in the stack');
    const names = Object.keys(properties.Environment.Variables);
    expect(names.filter((key) => /^(?:AWS_|LAMBDA_|_)/.test(key))).toEqual([]);
  });

  it.each(FUNCTION_NAMES)('%s writes to a log group that forgets', (name) => {
    const { properties } = alice.functions().get(name) ?? expect.fail('not in the stack');
    const logGroup = alice.get(target(properties.LoggingConfig.LogGroup));
    expect(logGroup).toMatchObject({
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 7 },
      DeletionPolicy: 'Delete',
    });
  });

  it('behind a route ends before the gateway stops listening', () => {
    for (const name of new Set(ROUTES.map((route) => route.function))) {
      expect(spec(name).timeoutSeconds, name).toBeLessThan(29);
    }
  });

  it('that uses the cache asks nothing of AWS but DynamoDB: in a VPC it could not', () => {
    const mixed = FUNCTION_NAMES.filter(
      (name) =>
        spec(name).uses.includes('cache') &&
        spec(name).uses.some((use) => use !== 'cache' && !use.startsWith('table:')),
    );
    expect(mixed).toEqual([]);
  });
});

describe('the table', () => {
  it('declares exactly the attributes that its keys name', () => {
    const { Properties: table } = alice.only('AWS::DynamoDB::GlobalTable');
    const declared = table.AttributeDefinitions.map(
      (attribute: { AttributeName: string; AttributeType: string }) => {
        expect(attribute.AttributeType).toBe('S');
        return attribute.AttributeName;
      },
    );
    const keys = [table, ...table.GlobalSecondaryIndexes].flatMap(({ KeySchema }) =>
      KeySchema.map((key: { AttributeName: string }) => key.AttributeName),
    );
    expect(declared.sort()).toEqual([...new Set(keys)].sort());
  });

  it.each([
    ['gsi2', 'gsi2pk', 'gsi2sk', 'ALL'],
    ['gsi3', 'gsi1pk', 'gsi1sk', 'INCLUDE'],
    ['gsi4', 'gsi4pk', 'gsi1sk', 'INCLUDE'],
  ])('has the index %s over %s and %s, which holds %s', (name, partition, sort, holds) => {
    const { Properties: table } = alice.only('AWS::DynamoDB::GlobalTable');
    const index = table.GlobalSecondaryIndexes.find(
      (candidate: { IndexName: string }) => candidate.IndexName === name,
    );
    expect(index).toMatchObject({
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: holds },
    });
    // DynamoDB takes 20 attributes an index, and counters would rewrite it with each event.
    const held: readonly string[] = index.Projection.NonKeyAttributes ?? [];
    expect(held.length).toBeLessThanOrEqual(20);
    expect(
      held.filter((attribute) => /^(?:timesSeen|userCount|numComments)$/.test(attribute)),
    ).toEqual([]);
  });

  it('has the indexes that a stage names while it moves to other ones, one at a time', () => {
    const names = (context: Record<string, string>) =>
      synthesize('alice', context)
        .only('AWS::DynamoDB::GlobalTable')
        .Properties.GlobalSecondaryIndexes.map(({ IndexName }: { IndexName: string }) => IndexName);
    expect(names({ tableIndexes: 'gsi1,gsi2,gsi3' })).toEqual(['gsi1', 'gsi2', 'gsi3']);
    expect(() => names({ tableIndexes: 'gsi9' })).toThrow('There is no index gsi9');
  });

  it('is paid by use, streams both images, expires items and has no name of its own', () => {
    const { Properties: table } = alice.only('AWS::DynamoDB::GlobalTable');
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    expect(table).not.toHaveProperty('TableName');
  });

  it('goes with a personal stack and stays after prod', () => {
    expect(alice.only('AWS::DynamoDB::GlobalTable').DeletionPolicy).toBe('Delete');
    expect(prod.only('AWS::DynamoDB::GlobalTable').DeletionPolicy).toBe('Retain');
  });

  it('of prod is protected and can be set back to any second', () => {
    const [replica] = prod.only('AWS::DynamoDB::GlobalTable').Properties.Replicas;
    expect(replica).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('of a personal stack throttles before it becomes expensive, its indexes too', () => {
    const { Properties: table } = alice.only('AWS::DynamoDB::GlobalTable');
    const write = { MaxWriteRequestUnits: 2_000 };
    expect(table.WriteOnDemandThroughputSettings).toEqual(write);
    expect(table.Replicas[0].ReadOnDemandThroughputSettings).toEqual({
      MaxReadRequestUnits: 2_000,
    });
    for (const index of table.GlobalSecondaryIndexes) {
      expect(index.WriteOnDemandThroughputSettings).toEqual(write);
    }
    expect(prod.only('AWS::DynamoDB::GlobalTable').Properties).not.toHaveProperty(
      'WriteOnDemandThroughputSettings',
    );
  });
});

describe('the outbox relay', () => {
  const mapping = () => {
    const { id } = alice.functions().get('outbox-relay') ?? expect.fail('not in the stack');
    const found = alice
      .all('AWS::Lambda::EventSourceMapping')
      .filter(([, properties]) => target(properties.FunctionName) === id);
    expect(found).toHaveLength(1);
    return found[0]?.[1];
  };

  it('reads a stream that the table has', () => {
    const stream = render(mapping().EventSourceArn);
    expect(stream).toMatch(/^<table[^.]*\.StreamArn>$/);
    expect(alice.get(target(mapping().EventSourceArn)).Properties).toHaveProperty(
      'StreamSpecification',
    );
  });

  it('misses nothing, is not stopped by one record, and gives up before the stream forgets', () => {
    expect(mapping()).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 20,
      ParallelizationFactor: 4,
      MaximumRecordAgeInSeconds: 21_600,
    });
    const destination = alice.get(target(mapping().DestinationConfig.OnFailure.Destination));
    expect(destination.Type).toBe('AWS::SQS::Queue');
  });

  it('sees new outbox records only', () => {
    const patterns = mapping().FilterCriteria.Filters.map((filter: { Pattern: string }) =>
      JSON.parse(filter.Pattern),
    );
    expect(patterns).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { entity: { S: ['outbox'] } } } },
    ]);
  });
});

describe('a schedule', () => {
  it.each([
    ['due-deletions', 'rate(1 minute)'],
    ['unsnooze', 'rate(1 minute)'],
    ['leases', 'rate(1 minute)'],
  ])('runs %s at %s, under that name in the group of the stage', (name, rate) => {
    const { id } = alice.functions().get(name) ?? expect.fail('not in the stack');
    const [schedule] = alice
      .all('AWS::Scheduler::Schedule')
      .map(([, properties]) => properties)
      .filter(({ Name }) => Name === name);
    expect(schedule?.ScheduleExpression).toBe(rate);
    expect(render(schedule?.Target.Arn)).toBe(`<${id}.Arn>`);
    expect(alice.get(target(schedule?.GroupName)).Properties).toEqual({ Name: 'baton-alice' });
  });
});

describe('a run of a schedule', () => {
  const undelivered = () => {
    const found = alice.all('AWS::SQS::Queue').find(([id]) => id.startsWith('undelivered'));
    return found?.[0] ?? expect.fail('no queue of the undelivered');
  };

  it('that does not start is tried again, and then left with the undelivered', () => {
    const schedules = alice.all('AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThan(2);
    for (const [id, { Target }] of schedules) {
      expect(Target.RetryPolicy.MaximumRetryAttempts, id).toBeGreaterThan(0);
      expect(target(Target.DeadLetterConfig.Arn), id).toBe(undelivered());
    }
  });

  it('that fails is run again, and then left with the undelivered', () => {
    const configured = new Map(
      alice
        .all('AWS::Lambda::EventInvokeConfig')
        .map(([, properties]) => [target(properties.FunctionName), properties]),
    );
    for (const [id, { Target }] of alice.all('AWS::Scheduler::Schedule')) {
      const config = configured.get(target(Target.Arn));
      expect(config, id).toMatchObject({ MaximumRetryAttempts: 2, Qualifier: '$LATEST' });
      expect(target(config.DestinationConfig.OnFailure.Destination), id).toBe(undelivered());
    }
  });
});

describe('what commands look up by the name of the stage', () => {
  it.each([
    ['table', /^<table\w+>$/],
    ['bus', /^<bus\w+>$/],
  ])('the %s is in a parameter', (name, value) => {
    const found = alice
      .all('AWS::SSM::Parameter')
      .filter(([, properties]) => properties.Name === `/baton/alice/${name}`);
    expect(render(found[0]?.[1].Value)).toMatch(value);
  });
});

describe('rate limits', () => {
  it.each([
    ['on', {}],
    ['off', { rateLimits: 'off' }],
  ])('are %s in every function with %j', (expected, context) => {
    const functions = [...synthesize('local', context).functions().values()];
    const values = functions.map(
      ({ properties }) => properties.Environment.Variables[ENV.rateLimits],
    );
    expect(new Set(values)).toEqual(new Set([expected]));
  });
});
