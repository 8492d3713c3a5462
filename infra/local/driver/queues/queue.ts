import { randomUUID } from 'node:crypto';
import { awsError } from '../services/aws-json.ts';
import {
  causesNamed,
  causesOf,
  type InFlight,
  NO_ROOTS,
  type Roots,
  rootsFrom,
  type Work,
} from '../services/in-flight.ts';
import {
  type Causes,
  type Observe,
  type SeenMessage,
  unobserved,
} from '../services/observation.ts';
import { createDeduplicationWindow, deduplicationIdOf } from './deduplication.ts';
import { createFifoBuffer, createStandardBuffer, type MessageBuffer } from './message-buffer.ts';

const FIRST_BACK_OFF_MS = 1_000;
/** SQS hides a message for at most 12 hours after it was received. */
const LONGEST_HIDDEN_MS = 43_200_000;

/** A message in a queue. Times are milliseconds since 1970. */
export type Message = {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** Increases with every message of the queue. */
  readonly sequence: number;
  readonly causes: Causes;
  /** Of a message that its sender has delayed, from when it appears. */
  work: Work;
  receiveCount: number;
  firstReceivedAtMs: number;
  /** The receipt handle, set while it is in flight. */
  receipt: string;
};

export type QueueSettings = {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  /** Of a FIFO queue: whether deduplication ids are compared within a group only. */
  readonly deduplicatesWithinGroup: boolean;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly maxReceiveCount: number | undefined;
  readonly deadLetterQueue: (() => { accept(message: Message): void }) | undefined;
  /** Whether a function reads the queue. If not, `/_local/idle` does not wait for its messages. */
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

/** The result of a send. */
export type Sent = { readonly id: string; readonly sequence: number };
export type Queue = ReturnType<typeof createQueue>;

/** A standard or FIFO queue in memory, with the behaviour of SQS. */
export function createQueue(
  settings: QueueSettings,
  inFlight: InFlight,
  observe: Observe = unobserved,
) {
  const buffer: MessageBuffer<Message> = settings.fifo
    ? createFifoBuffer()
    : createStandardBuffer();
  const taken = new Map<string, InFlightMessage>();
  const delayed = new Set<NodeJS.Timeout>();
  const recentlySent = createDeduplicationWindow<Sent>();
  let nextSequence = 1;
  let onAvailable = () => {};

  const noWork: Work = { roots: NO_ROOTS, end: () => {} };
  const begin = (roots: Roots): Work =>
    settings.isRead ? inFlight.begin(`message in queue ${settings.name}`, roots) : noWork;

  const tell = (step: SeenMessage['step'], { causes, id, body }: Message, reader?: string) =>
    observe({ what: 'message', step, causes, queue: settings.name, id, body, reader });

  /**
   * The delay of the queue is part of the work. A message whose sender has delayed it is an alarm:
   * the stack is idle until it goes off, as it is before a schedule does.
   */
  const enter = (message: Message, delayMs: number, isAlarm: boolean) => {
    const appear = () => {
      if (isAlarm) {
        message.work = begin(rootsFrom(message.causes));
      }
      buffer.push(message);
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

  /** Adds a message, which follows from what its body names of the causes of its sender. */
  const add = (input: SendInput, sent: Roots): Sent => {
    const causes = causesOf(sent);
    const { roots, release } = inFlight.narrow(
      sent,
      causesNamed(causes, () => input.body),
    );
    const isAlarm = (input.delayMs ?? 0) > 0;
    const message: Message = {
      id: randomUUID(),
      body: input.body,
      sentAtMs: Date.now(),
      groupId: input.groupId,
      deduplicationId: input.deduplicationId,
      sequence: nextSequence++,
      causes: causesOf(roots),
      work: isAlarm ? noWork : begin(roots),
      receiveCount: 0,
      firstReceivedAtMs: 0,
      receipt: '',
    };
    release();
    tell('sent', message);
    enter(message, input.delayMs ?? settings.delayMs, isAlarm);
    return { id: message.id, sequence: message.sequence };
  };

  /** Removes a message from those in flight. The caller puts it back or deletes it. */
  const endFlight = (receipt: string): Message | undefined => {
    const flight = taken.get(receipt);
    if (!flight) {
      return undefined;
    }
    clearTimeout(flight.timer);
    taken.delete(receipt);
    return flight.message;
  };

  const discard = (receipt: string) => {
    const message = endFlight(receipt);
    if (!message) {
      return;
    }
    buffer.remove(message);
    tell('deleted', message);
    message.work.end();
    onAvailable();
  };

  /**
   * Makes a message visible again, or moves it to the dead-letter queue after too many receives.
   */
  const returnOrRedrive = (receipt: string) => {
    const message = endFlight(receipt);
    if (!message) {
      return;
    }
    const { maxReceiveCount, deadLetterQueue } = settings;
    if (deadLetterQueue && maxReceiveCount && message.receiveCount >= maxReceiveCount) {
      tell('buried', message);
      deadLetterQueue().accept(message);
      buffer.remove(message);
      message.work.end();
    } else {
      buffer.putBack(message);
    }
    onAvailable();
  };

  const hide = (flight: InFlightMessage, forMs: number) => {
    clearTimeout(flight.timer);
    const { receipt } = flight.message;
    if (forMs <= 0) {
      returnOrRedrive(receipt);
    } else {
      flight.timer = setTimeout(() => returnOrRedrive(receipt), forMs);
    }
  };

  return {
    ...settings,
    /**
     * Sends a message. A FIFO queue ignores a second one with the same deduplication id within five
     * minutes, and returns the first.
     *
     * @throws AwsError for a message without what a FIFO queue requires
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
    /** Adds a message that another queue moves to this dead-letter queue. */
    accept(message: Message): void {
      const { body, groupId, deduplicationId, causes, work } = message;
      const roots = work.roots.size > 0 ? work.roots : rootsFrom(causes);
      add({ body, groupId, deduplicationId, delayMs: 0 }, roots);
    },
    /** Receives up to `max` visible messages, and hides them for the visibility timeout. */
    receive(max: number, visibilityTimeoutMs = settings.visibilityTimeoutMs): Message[] {
      const messages = buffer.take(max);
      for (const message of messages) {
        message.receipt = randomUUID();
        message.receiveCount += 1;
        message.firstReceivedAtMs ||= Date.now();
        const { receipt } = message;
        const timer = setTimeout(() => returnOrRedrive(receipt), visibilityTimeoutMs);
        taken.set(receipt, { message, receivedAtMs: Date.now(), timer, changed: false });
      }
      return messages;
    },
    /** Tells that a function has messages to work on. */
    tellReceived(messages: readonly Message[], reader: string): void {
      for (const message of messages) {
        tell('received', message, reader);
      }
    },
    /** Deletes a message in flight; an unknown receipt has no effect. */
    delete: discard,
    /**
     * Hides a message in flight for this time; returns whether the receipt is of such a message.
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
          `Value ${forMs / 1_000} for parameter VisibilityTimeout is invalid. Reason: ` +
            'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
        );
      }
      flight.changed = true;
      hide(flight, forMs);
      return true;
    },
    /**
     * Returns a message after its reader failed: visible after 1, 2, 4, ... s and not after the
     * rest of the visibility timeout as in AWS, which is minutes. If the reader has changed the
     * visibility of the message, that time is kept.
     */
    giveBack(receipt: string): void {
      const flight = taken.get(receipt);
      if (!flight || flight.changed) {
        return;
      }
      tell('returned', flight.message);
      const { receiveCount } = flight.message;
      const isLast = receiveCount >= (settings.maxReceiveCount ?? Number.POSITIVE_INFINITY);
      const backOffMs = isLast ? 0 : FIRST_BACK_OFF_MS * 2 ** (receiveCount - 1);
      hide(flight, Math.min(backOffMs, settings.visibilityTimeoutMs));
    },
    /** Sets the function to call when there may be messages to receive. */
    whenAvailable(listener: () => void): void {
      onAvailable = listener;
    },
    depth: () => ({ visible: buffer.size(), inFlight: taken.size, delayed: delayed.size }),
    /** Clears all timers. */
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
