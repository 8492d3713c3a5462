import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { StageSettings } from '../stages.ts';

/** IAM treats the reads of a transaction as `GetItem`; transactions have no action of their own. */
const READ_ACTIONS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];

/** The same for writes: one action for each kind. No function may scan. */
const WRITE_ACTIONS = [
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/** The index names; `shared/stores/keys.ts` says which queries each one answers. */
export const TABLE_INDEXES = ['gsi1', 'gsi2'];

const key = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });

/**
 * The table: two general indexes, a stream of new and old images for the outbox, TTL on
 * `expiresAt`, no physical name.
 */
export function createTable(scope: Construct, settings: StageSettings) {
  const { pointInTimeRecovery, deletionProtection, maxRequestUnits } = settings.table;
  const fuse = maxRequestUnits && {
    maxReadRequestUnits: maxRequestUnits.read,
    maxWriteRequestUnits: maxRequestUnits.write,
  };
  const index = (name: string) => ({
    indexName: name,
    partitionKey: key(`${name}pk`),
    sortKey: key(`${name}sk`),
    projectionType: dynamodb.ProjectionType.ALL,
    ...fuse,
  });
  const table = new dynamodb.TableV2(scope, 'table', {
    partitionKey: key('pk'),
    sortKey: key('sk'),
    globalSecondaryIndexes: TABLE_INDEXES.map(index),
    billing: dynamodb.Billing.onDemand(fuse),
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    deletionProtection,
    removalPolicy: settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });

  const indexArns = TABLE_INDEXES.map((name) => `${table.tableArn}/index/${name}`);

  return {
    table,
    /**
     * Sets the table's name in the function's environment, and lets the function read; with `write`
     * also write.
     */
    bind(fn: lambda.Function, access: 'read' | 'write'): void {
      fn.addEnvironment(ENV.table, table.tableName);
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: READ_ACTIONS,
          resources: [table.tableArn, ...indexArns],
        }),
      );
      if (access === 'read') {
        return;
      }
      fn.addToRolePolicy(
        new iam.PolicyStatement({ actions: WRITE_ACTIONS, resources: [table.tableArn] }),
      );
    },
  };
}
