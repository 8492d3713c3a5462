import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventType as BatonEventType, EventDetail } from '../domain/events.ts';
import type { FunctionLog } from '../operations/deps.ts';

/** An event as a rule of the bus hands it to a queue. */
export type BusEvent = {
  readonly type: BatonEventType;
  readonly source: string;
  readonly detail: EventDetail;
};

/**
 * The Lambda handler of a queue that a rule of the bus fills. Each message succeeds or fails on its own: what fails comes
 * again, and after too many failures goes to the queue of dead letters.
 */
export function busConsumer(
  consume: (event: BusEvent, context: Context) => Promise<void>,
  log: FunctionLog,
) {
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    log.begin(context);
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(
      event,
      async (record: SQSRecord) => {
        const message = readMessage(record);
        try {
          await consume(message, context);
        } catch (error) {
          log.error('An event could not be consumed; it will come again.', {
            type: message.type,
            eventId: message.detail.eventId,
            groupId: message.detail.groupId,
            projectId: message.detail.projectId,
            reason: error instanceof Error ? error.message : String(error),
          });
          throw error;
        }
      },
      processor,
      { context, throwOnFullBatchFailure: false },
    );
  };
}

function readMessage(record: SQSRecord): BusEvent {
  const envelope = JSON.parse(record.body) as {
    'detail-type': BatonEventType;
    source: string;
    detail: EventDetail;
  };
  return { type: envelope['detail-type'], source: envelope.source, detail: envelope.detail };
}
