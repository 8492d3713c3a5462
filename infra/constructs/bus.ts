import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import { INCOMING_ARCHIVE, type StageSettings, stageName } from '../stages.ts';

/** The source of events from producers, and the type that rules listen to. */
const INCOMING = { source: 'baton.events', detailType: 'group.seen' };

/** As long as our own events stay in the table, and as consumers remember deliveries. */
const ARCHIVE_RETENTION = Duration.days(7);

/**
 * Producers can only put events under this source and type, so they cannot forge events of Baton.
 */
const INCOMING_ONLY = {
  'ForAllValues:StringEquals': { 'events:source': [INCOMING.source] },
  StringEquals: { 'events:detail-type': INCOMING.detailType },
};

/**
 * Baton's event bus. Consumers listen through rules. Our own events are stored in the table, those
 * of producers in an archive of the bus, so both can be replayed.
 */
export function createBus(scope: Construct, settings: StageSettings) {
  const bus = new events.EventBus(scope, 'bus', { eventBusName: stageName(settings) });
  new events.Archive(scope, 'incoming-archive', {
    sourceEventBus: bus,
    archiveName: stageName(settings, INCOMING_ARCHIVE),
    description: 'Events from outside, as they came',
    eventPattern: { source: [INCOMING.source] },
    retention: ARCHIVE_RETENTION,
  });
  const producer = new iam.ManagedPolicy(scope, 'producer-policy', {
    managedPolicyName: stageName(settings, 'producer'),
    description: `Puts ${INCOMING.detailType} on the bus of ${settings.name}, and nothing else`,
    statements: [
      new iam.PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        conditions: INCOMING_ONLY,
      }),
    ],
  });
  for (const account of settings.producers) {
    new events.CfnEventBusPolicy(scope, `producer-${account}`, {
      eventBusName: bus.eventBusName,
      statementId: `producer-${account}`,
      statement: {
        Sid: `producer-${account}`,
        Effect: 'Allow',
        Principal: { AWS: account },
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
        Condition: INCOMING_ONLY,
      },
    });
  }

  return {
    bus,
    producerPolicyArn: producer.managedPolicyArn,
    /** Sets the bus's name in the function's environment, and lets the function put events. */
    bind(fn: lambda.Function): void {
      fn.addEnvironment(ENV.bus, bus.eventBusName);
      bus.grantPutEventsTo(fn);
    },
  };
}

/** A bus and its binding. */
export type Bus = ReturnType<typeof createBus>;
