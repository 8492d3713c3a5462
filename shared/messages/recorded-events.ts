import type { DynamoDBRecord } from 'aws-lambda';
import { unpackEvents } from '../domain/event-record.ts';

/** The events that a record of the table's stream holds; null where it holds none. */
export function recordedEvents({ dynamodb }: DynamoDBRecord) {
  const { events, detailType, detail } = dynamodb?.NewImage ?? {};
  return unpackEvents({ events: events?.S, detailType: detailType?.S, detail: detail?.S });
}
