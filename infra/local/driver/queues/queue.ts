import { randomUUID } from 'node:crypto';
import { awsError } from '../services/aws-json.ts';
import { type InFlight, NO_ROOTS, type Roots, type Work } from '../services/in-flight.ts';
import { createDeduplicationWindow, deduplicationIdOf } from './deduplication.ts';
import { createFifoLine, createStandardLine, type MessageLine } from './message-line.ts';

const FIRST_BACK_OFF_MS = 1_000;
/** SQS keeps a received message hidden for 12 hours in all, counted from its receipt. */
const LONGEST_HIDDEN_MS = 43_200_000;

/** A message in a queue. Times are milliseconds since 1970. */
export type Message = {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Rises with every message of the queue. */
  readonly sequence: number;
  readonly work: Work;
  receiveCount: number;
  firstReceivedAtMs: number;
  /** Set while it is in flight. */
  receipt: string;
};

export type QueueSettings = {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  /** Of a FIFO queue: the same id in two groups means two messages. */
  readonly deduplicatesWithinGroup: boolean;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly maxReceiveCount: number | undefined;
  readonly deadLetterQueue: (() => { accept(message: Message): void }) | undefined;
  /** Whether a function reads it. What lies in a queue that nobody reads keeps nobody waiting. */
  readonly isRead: boolean;
};

export type SendInput = {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delayMs?: number | undefined;
};

type InFlightMessage = {
  message: Message;
  receivedAtMs: number;
  timer: NodeJS.Timeout;
  changed: boolean;
};

/** The answer to a send. */
export type Sent = { readonly id: string; readonly sequence: number };
export type Queue = ReturnType<typeof createQueue>;

/** A queue in memory, standard or FIFO, with what SQS promises of either. */
export function createQueue(settings: QueueSettings, inFlight: InFlight) {
  const line: MessageLine<Message> = settings.fifo ? createFifoLine() : createStandardLine();
  const taken = new Map<string, InFlightMessage>();
  const delayed = new Set<NodeJS.Timeout>();
  const recentlySent = createDeduplicationWindow<Sent>();
  let nextSequence = 1;
  let onAvailable = () => {};

  const enter = (message: Message, delayMs: number) => {
    const appear = () => {
      line.push(message);
      onAvailable();
    };
    if (delayMs <= 0) {
      return appear();
    }
    const timer = setTimeout(() => {
      delayed.delete(timer);
      appear();
    }, delayMs);
    delayed.add(timer);
  };

  const add = (input: SendInput, roots: Roots): Sent => {
    const message: Message = {
      id: randomUUID(),
      body: input.body,
      sentAtMs: Date.now(),
      groupId: input.groupId,
      deduplicationId: input.deduplicationId,
      sequence: nextSequence++,
      work: settings.isRead
        ? inFlight.begin(`message in queue ${settings.name}`, roots)
        : { roots: NO_ROOTS, end: () => {} },
      receiveCount: 0,
      firstReceivedAtMs: 0,
      receipt: '',
    };
    enter(message, input.delayMs ?? settings.delayMs);
    return { id: message.id, sequence: message.sequence };
  };

  /** Ends the flight of a message, whose fate the caller decides. */
  const land = (receipt: string): Message | undefined => {
    const flight = taken.get(receipt);
    if (!flight) {
      return undefined;
    }
    clearTimeout(flight.timer);
    taken.delete(receipt);
    return flight.message;
  };

  const discard = (receipt: string) => {
    const message = land(receipt);
    if (!message) {
      return;
    }
    line.gone(message);
    message.work.end();
    onAvailable();
  };

  /** Makes a message visible again, or moves it where messages go that were received too often. */
  const comeBack = (receipt: string) => {
    const message = land(receipt);
    if (!message) {
      return;
    }
    const { maxReceiveCount, deadLetterQueue } = settings;
    if (deadLetterQueue && maxReceiveCount && message.receiveCount >= maxReceiveCount) {
      deadLetterQueue().accept(message);
      line.gone(message);
      message.work.end();
    } else {
      line.returned(message);
    }
    onAvailable();
  };

  const hide = (flight: InFlightMessage, forMs: number) => {
    clearTimeout(flight.timer);
    const { receipt } = flight.message;
    if (forMs <= 0) {
      comeBack(receipt);
    } else {
      flight.timer = setTimeout(() => comeBack(receipt), forMs);
    }
  };

  return {
    ...settings,
    /**
     * Puts a message into the queue. A FIFO queue takes a second one with the same deduplication id
     * within five minutes for the first.
     *
     * @throws AwsError when a FIFO queue is not told what it must be told.
     */
    send(input: SendInput, roots: Roots = NO_ROOTS): Sent {
      if (!settings.fifo) {
        return add(input, roots);
      }
      const deduplicationId = deduplicationIdOf(input, settings);
      const key = settings.deduplicatesWithinGroup
        ? JSON.stringify([input.groupId, deduplicationId])
        : deduplicationId;
      return recentlySent.sendOnce(key, () => add({ ...input, deduplicationId }, roots));
    },
    /** Takes over a message that another queue gave up. */
    accept(message: Message): void {
      const { body, groupId, deduplicationId } = message;
      add({ body, groupId, deduplicationId, delayMs: 0 }, message.work.roots);
    },
    /**
     * Takes up to `max` visible messages, which nobody else sees for as long as the visibility
     * timeout.
     */
    receive(max: number, visibilityTimeoutMs = settings.visibilityTimeoutMs): Message[] {
      const messages = line.take(max);
      for (const message of messages) {
        message.receipt = randomUUID();
        message.receiveCount += 1;
        message.firstReceivedAtMs ||= Date.now();
        const { receipt } = message;
        const timer = setTimeout(() => comeBack(receipt), visibilityTimeoutMs);
        taken.set(receipt, { message, receivedAtMs: Date.now(), timer, changed: false });
      }
      return messages;
    },
    /** Removes a message that is in flight; one that is not is left alone. */
    delete: discard,
    /**
     * Gives whether the receipt is that of a message in flight.
     *
     * @throws AwsError when it would be hidden for more than 12 hours since it was received
     */
    changeVisibility(receipt: string, forMs: number): boolean {
      const flight = taken.get(receipt);
      if (!flight) {
        return false;
      }
      if (Date.now() - flight.receivedAtMs + forMs > LONGEST_HIDDEN_MS) {
        throw awsError(
          'InvalidParameterValue',
          `Value ${forMs / 1_000} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
        );
      }
      flight.changed = true;
      hide(flight, forMs);
      return true;
    },
    /**
     * Its reader failed. It comes back after 1, 2, 4, ... seconds: in AWS the rest of the
     * visibility timeout has to pass, which is minutes. A reader that set the time itself is
     * obeyed.
     */
    giveBack(receipt: string): void {
      const flight = taken.get(receipt);
      if (!flight || flight.changed) {
        return;
      }
      const { receiveCount } = flight.message;
      const isLast = receiveCount >= (settings.maxReceiveCount ?? Number.POSITIVE_INFINITY);
      const backOffMs = isLast ? 0 : FIRST_BACK_OFF_MS * 2 ** (receiveCount - 1);
      hide(flight, Math.min(backOffMs, settings.visibilityTimeoutMs));
    },
    /** Calls back whenever there may be something to receive. */
    whenAvailable(listener: () => void): void {
      onAvailable = listener;
    },
    depth: () => ({ visible: line.size(), inFlight: taken.size, delayed: delayed.size }),
    /** Forgets all timers. */
    stop(): void {
      for (const timer of delayed) {
        clearTimeout(timer);
      }
      for (const { timer } of taken.values()) {
        clearTimeout(timer);
      }
    },
  };
}
