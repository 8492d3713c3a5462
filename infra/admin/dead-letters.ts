import { parseArgs } from 'node:util';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetterQueues } from '../stage-parameters.ts';
import { connect } from './connect.ts';

export const DEAD_LETTERS_USAGE = 'dead-letters --stage NAME [--redrive QUEUE]';

/** The number of messages that are described: SQS returns at most ten at a time. */
const SAMPLE = 10;

/**
 * The queue for what rules, the stream mapping and schedules could not deliver. Its messages have
 * no source queue to move them to.
 */
const NOT_FROM_A_QUEUE = 'undelivered';

/**
 * `dead-letters`: prints the number of dead letters of each kind and source, or moves those of one
 * queue back.
 *
 * @throws Error about an invalid argument or an unknown stage
 */
export async function deadLetters(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { stage: { type: 'string' }, redrive: { type: 'string' } },
  });
  const { stage, redrive } = values;
  if (stage === undefined) {
    throw new Error('Name a stage with --stage.');
  }
  const stack = await connect({ stage }, ['dead-letters']);
  const queues = JSON.parse(stack['dead-letters']) as DeadLetterQueues;
  const sqs = new SQSClient({});
  if (redrive !== undefined) {
    await moveBack(sqs, queues, redrive);
    console.log(`SQS moves the messages of ${redrive} back, in the background.`);
    return true;
  }
  for (const [name, { url }] of Object.entries(queues)) {
    console.log(await describe(sqs, name, url));
  }
  return true;
}

async function moveBack(sqs: SQSClient, queues: DeadLetterQueues, name: string): Promise<void> {
  const queue = queues[name];
  if (queue === undefined) {
    throw new Error(`There is no queue ${name}; the queues are ${Object.keys(queues).join(', ')}.`);
  }
  if (name === NOT_FROM_A_QUEUE) {
    throw new Error(
      `The messages in ${name} have no source queue. Put events on the bus again with replay or ` +
        'replay-incoming; a failed run of a schedule is repeated by its next run.',
    );
  }
  const { QueueArn } = await attributesOf(sqs, queue.url);
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: QueueArn,
      ...(queue.to !== undefined && { DestinationArn: queue.to }),
    }),
  );
}

/**
 * Describes a queue: `dead-letters: 3 messages, among them 2 group.seen from
 * baton-alice-groupseenqueue, 1 ...`.
 */
async function describe(sqs: SQSClient, name: string, url: string): Promise<string> {
  const { ApproximateNumberOfMessages: count = '0' } = await attributesOf(sqs, url);
  if (count === '0') {
    return `${name}: no messages`;
  }
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: SAMPLE,
      // A visibility timeout of 0, so that reading hides no message.
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  const kinds = new Map<string, number>();
  for (const { Body = '', Attributes } of Messages) {
    const source = Attributes?.DeadLetterQueueSourceArn?.split(':').at(-1);
    const kind = `${typeOf(Body)}${source === undefined ? '' : ` from ${source}`}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const sample = [...kinds].map(([kind, number]) => `${number} ${kind}`).join(', ');
  return `${name}: ${count} messages${sample === '' ? '' : `, among them ${sample}`}`;
}

/** The type of an event; other messages have none. */
function typeOf(body: string): string {
  try {
    const { 'detail-type': type } = JSON.parse(body) as { 'detail-type'?: unknown };
    return typeof type === 'string' ? type : 'of no type';
  } catch {
    return 'that are no JSON';
  }
}

async function attributesOf(sqs: SQSClient, url: string): Promise<Record<string, string>> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'],
    }),
  );
  return Attributes ?? {};
}
