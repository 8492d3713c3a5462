import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { StageSettings } from '../stages.ts';

/** A transaction's reads are `GetItem` to IAM; there is no action for the transaction itself. */
const READ_ACTIONS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];

/** Likewise its writes: one action for each kind of item in it. No function scans. */
const WRITE_ACTIONS = [
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

const key = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });

/** The one table: two general indexes, a stream of both images for the outbox, TTL on `expiresAt`, no physical name. */
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
    globalSecondaryIndexes: [index('gsi1'), index('gsi2')],
    billing: dynamodb.Billing.onDemand(fuse),
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    deletionProtection,
    removalPolicy: settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });

  return {
    table,
    /** Tells the function the table's name and lets it read, or read and write. */
    bind(fn: lambda.Function, access: 'read' | 'write'): void {
      fn.addEnvironment(ENV.table, table.tableName);
      table.grant(fn, ...READ_ACTIONS, ...(access === 'write' ? WRITE_ACTIONS : []));
    },
  };
}
