import { type AwsOperations, awsError } from '../services/aws-json.ts';
import type { Roots } from '../services/in-flight.ts';
import type { Queue } from './queue.ts';
import { attributesOf, md5, sequenceText } from './queue-mapping.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_BATCH_ENTRIES = 10;
const MAX_DELAY_SECONDS = 900;
const MAX_VISIBILITY_SECONDS = 43_200;

type Input = Record<string, unknown>;

/** The operations of SQS that functions and operators use, for the queues of the stack. */
export function createSqsOperations(
  queues: ReadonlyMap<string, Queue>,
  rootsOf: (callerToken: string | undefined) => Roots,
): AwsOperations {
  const queueOf = ({ QueueUrl: url }: Input): Queue => {
    // Only the name of the queue is compared: this machine has several host names.
    const name =
      String(url ?? '')
        .split('/')
        .at(-1) ?? '';
    const queue = [...queues.values()].find((one) => one.name === name);
    if (queue) {
      return queue;
    }
    throw awsError('QueueDoesNotExist', `The specified queue does not exist: ${String(url)}`);
  };

  const send = (queue: Queue, input: Input, roots: Roots) => {
    const body = textOf(input, 'MessageBody');
    if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
      throw awsError(
        'InvalidParameterValue',
        'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
      );
    }
    if (input.MessageAttributes !== undefined) {
      throw awsError('UnsupportedOperation', 'Message attributes are not supported locally.');
    }
    const delay = secondsOf(input, 'DelaySeconds', MAX_DELAY_SECONDS);
    if (delay !== undefined && queue.fifo) {
      throw awsError(
        'InvalidParameterValue',
        `Value ${delay} for parameter DelaySeconds is invalid. Reason: ` +
          'The request include parameter that is not valid for this queue type.',
      );
    }
    const sent = queue.send(
      {
        body,
        groupId: optionalText(input, 'MessageGroupId'),
        deduplicationId: optionalText(input, 'MessageDeduplicationId'),
        delayMs: delay === undefined ? undefined : delay * 1_000,
      },
      roots,
    );
    return {
      MessageId: sent.id,
      MD5OfMessageBody: md5(body),
      ...(queue.fifo && { SequenceNumber: sequenceText(sent.sequence) }),
    };
  };

  const changeVisibility = (queue: Queue, input: Input) => {
    const seconds = secondsOf(input, 'VisibilityTimeout', MAX_VISIBILITY_SECONDS);
    if (seconds === undefined) {
      throw awsError('MissingParameter', 'VisibilityTimeout is missing.');
    }
    if (!queue.changeVisibility(textOf(input, 'ReceiptHandle'), seconds * 1_000)) {
      throw awsError('MessageNotInflight', 'The message is not in flight.');
    }
    return {};
  };

  const remove = (queue: Queue, input: Input) => {
    queue.delete(textOf(input, 'ReceiptHandle'));
    return {};
  };

  return {
    SendMessage: (input, token) => send(queueOf(input), input, rootsOf(token)),
    SendMessageBatch: (input, token) => {
      const queue = queueOf(input);
      return eachEntry(input, (entry) => send(queue, entry, rootsOf(token)));
    },
    ChangeMessageVisibility: (input) => changeVisibility(queueOf(input), input),
    ChangeMessageVisibilityBatch: (input) => {
      const queue = queueOf(input);
      return eachEntry(input, (entry) => changeVisibility(queue, entry));
    },
    DeleteMessage: (input) => remove(queueOf(input), input),
    DeleteMessageBatch: (input) => {
      const queue = queueOf(input);
      return eachEntry(input, (entry) => remove(queue, entry));
    },
    ReceiveMessage: (input) => receive(queueOf(input), input),
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: queueOf({ QueueUrl: QueueName }).url }),
    ListQueues: () => ({ QueueUrls: [...queues.values()].map((queue) => queue.url) }),
    GetQueueAttributes: (input) => ({ Attributes: queueAttributes(queueOf(input), input) }),
  };
}

function receive(queue: Queue, input: Input) {
  const seconds = secondsOf(input, 'VisibilityTimeout', MAX_VISIBILITY_SECONDS);
  const max = Number(input.MaxNumberOfMessages ?? 1);
  const visibleAgainMs = seconds === undefined ? queue.visibilityTimeoutMs : seconds * 1_000;
  const messages = queue.receive(max, visibleAgainMs);
  if (messages.length === 0) {
    return {};
  }
  return {
    Messages: messages.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.receipt,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: attributesOf(message),
    })),
  };
}

function queueAttributes(queue: Queue, { AttributeNames: names }: Input): Record<string, string> {
  const { visible, inFlight, delayed } = queue.depth();
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(queue.visibilityTimeoutMs / 1_000),
    DelaySeconds: String(queue.delayMs / 1_000),
    ...(queue.fifo && { FifoQueue: 'true' }),
  };
  const wanted = Array.isArray(names) ? names : [];
  if (wanted.includes('All')) {
    return all;
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

/** Runs each entry of a batch and returns its result or its error. */
function eachEntry({ Entries }: Input, run: (entry: Input) => object) {
  const entries = (Array.isArray(Entries) ? Entries : []) as Input[];
  if (entries.length === 0) {
    throw awsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAX_BATCH_ENTRIES) {
    throw awsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  }
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length) {
    throw awsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      const { code = 'InternalError', message } = error as { code?: string; message: string };
      Failed.push({ Id: entry.Id, SenderFault: true, Code: code, Message: message });
    }
  }
  return { Successful, Failed };
}

function textOf(input: Input, name: string): string {
  const text = optionalText(input, name);
  if (text) {
    return text;
  }
  throw awsError('MissingParameter', `The request must contain the parameter ${name}.`);
}

function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null || typeof value === 'string') {
    return value ?? undefined;
  }
  throw awsError('InvalidParameterValue', `${name} is not a string.`);
}

function secondsOf(input: Input, name: string, max: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max) {
    return Number(value);
  }
  throw awsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. ` +
      `Reason: Must be between 0 and ${max}.`,
  );
}
