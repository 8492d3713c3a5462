import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import { INCOMING_ARCHIVE, type StageSettings, stageName } from '../stages.ts';

/** The source of events from outside, and what of it is listened to. */
const INCOMING = { source: 'baton.events', detailType: 'group.seen' };

/**
 * As long as the records of our own events are kept, and as consumers remember what they have
 * taken.
 */
const ARCHIVE_RETENTION = Duration.days(7);

/**
 * No event of ours can be forged: who puts events from outside may do it under their source only.
 */
const INCOMING_ONLY = {
  'ForAllValues:StringEquals': { 'events:source': [INCOMING.source] },
  StringEquals: { 'events:detail-type': INCOMING.detailType },
};

/**
 * Baton's event bus; consumers listen through rules. Our own events are recorded in the table,
 * those from outside in an archive of the bus: both can be put again.
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
    /** Tells the function the bus's name and lets it put events. */
    bind(fn: lambda.Function): void {
      fn.addEnvironment(ENV.bus, bus.eventBusName);
      bus.grantPutEventsTo(fn);
    },
  };
}

/** A bus and its binding. */
export type Bus = ReturnType<typeof createBus>;
