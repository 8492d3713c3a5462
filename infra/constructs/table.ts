import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import type { TableUse } from '../function-spec.ts';
import type { StageSettings } from '../stages.ts';
import { type TableIndex, tableIndexes } from '../table-indexes.ts';

const key = (name: string) => ({ name, type: dynamodb.AttributeType.STRING });

/**
 * The table: its indexes, a stream of new and old images for the outbox, TTL on
 * `expiresAt`, no physical name.
 */
export function createTable(scope: Construct, settings: StageSettings) {
  const { pointInTimeRecovery, deletionProtection, maxRequestUnits } = settings.table;
  const fuse = maxRequestUnits && {
    maxReadRequestUnits: maxRequestUnits.read,
    maxWriteRequestUnits: maxRequestUnits.write,
  };
  const index = ({ name, partitionKey, sortKey, holds }: TableIndex) => ({
    indexName: name,
    partitionKey: key(partitionKey),
    sortKey: key(sortKey),
    ...(holds === 'all'
      ? { projectionType: dynamodb.ProjectionType.ALL }
      : { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...holds] }),
    ...fuse,
  });
  const table = new dynamodb.TableV2(scope, 'table', {
    partitionKey: key('pk'),
    sortKey: key('sk'),
    globalSecondaryIndexes: tableIndexes(settings.tableIndexes).map(index),
    billing: dynamodb.Billing.onDemand(fuse),
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    deletionProtection,
    removalPolicy: settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });

  return {
    table,
    /**
     * Sets the table's name in the environment of a function that uses it, and grants these actions
     * and no others.
     */
    bind(fn: lambda.Function, uses: readonly TableUse[] | undefined): void {
      if (uses === undefined) {
        return;
      }
      fn.addEnvironment(ENV.table, table.tableName);
      const actions = uses.filter((use) => indexOf(use) === undefined);
      const indexes = uses.flatMap((use) => indexOf(use) ?? []);
      if (actions.length > 0) {
        fn.addToRolePolicy(
          new iam.PolicyStatement({
            actions: actions.map((action) => `dynamodb:${action}`),
            resources: [table.tableArn],
          }),
        );
      }
      if (indexes.length > 0) {
        fn.addToRolePolicy(
          new iam.PolicyStatement({
            actions: ['dynamodb:Query'],
            resources: indexes.map((name) => `${table.tableArn}/index/${name}`),
          }),
        );
      }
    },
  };
}

/** The index that is asked; undefined for what is done with the table itself. */
function indexOf(use: TableUse): string | undefined {
  return use.split(' ')[1];
}
