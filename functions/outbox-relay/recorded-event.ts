import type { DynamoDBRecord } from 'aws-lambda';

/** The event that a record of the table's stream holds; null where it holds none. */
export function recordedEvent({ dynamodb }: DynamoDBRecord) {
  const type = dynamodb?.NewImage?.detailType?.S;
  const detail = dynamodb?.NewImage?.detail?.S;
  return type === undefined || detail === undefined ? null : { type, detail };
}
