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

/** A look at a queue shows no more: SQS hands out ten messages at a time. */
const SAMPLE = 10;

/**
 * What rules, the stream mapping and schedules left never was in a queue, so there is none to move
 * it to.
 */
const NOT_FROM_A_QUEUE = 'undelivered';

/**
 * `dead-letters`: says how many there are, of what and from where, or moves those of one queue
 * back.
 *
 * @throws Error with a sentence about an argument that is wrong, or a stage that cannot be found
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
    throw new Error(`There is no queue ${name}; there are ${Object.keys(queues).join(', ')}.`);
  }
  if (name === NOT_FROM_A_QUEUE) {
    throw new Error(
      `What lies in ${name} never was in a queue. Put events again with replay or replay-incoming; ` +
        'the next run of a schedule makes good one that failed.',
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

/** `dead-letters: 3 messages, among them 2 group.seen from baton-alice-groupseenqueue, 1 ...`. */
async function describe(sqs: SQSClient, name: string, url: string): Promise<string> {
  const { ApproximateNumberOfMessages: count = '0' } = await attributesOf(sqs, url);
  if (count === '0') {
    return `${name}: no messages`;
  }
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: SAMPLE,
      // A look hides nothing from whoever comes to take it.
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

/** The type of an event; what else there is has none. */
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
