import * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ENV } from '../../shared/env.ts';
import { type StageSettings, stageName } from '../stages.ts';

/** Baton's event bus. Only who is bound to it may put events; consumers listen through rules. */
export function createBus(scope: Construct, settings: StageSettings) {
  const bus = new events.EventBus(scope, 'bus', { eventBusName: stageName(settings) });

  return {
    bus,
    /** Tells the function the bus's name and lets it put events. */
    bind(fn: lambda.Function): void {
      fn.addEnvironment(ENV.bus, bus.eventBusName);
      bus.grantPutEventsTo(fn);
    },
  };
}

/** A bus and its binding. */
export type Bus = ReturnType<typeof createBus>;
