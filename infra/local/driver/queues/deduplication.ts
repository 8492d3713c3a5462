import { createHash } from 'node:crypto';
import { awsError } from '../services/aws-json.ts';

const DEDUPLICATION_WINDOW_MS = 5 * 60_000;

/** The parts of a message that its deduplication id depends on. */
type Deduplicated = {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
};

/** Keeps the deduplication keys of the last five minutes, and what was sent with each. */
export function createDeduplicationWindow<Sent>() {
  /** By deduplication key, oldest first. */
  const sentByKey = new Map<string, { sent: Sent; atMs: number }>();

  const forgetBefore = (limitMs: number) => {
    for (const [key, { atMs }] of sentByKey) {
      if (atMs > limitMs) {
        break;
      }
      sentByKey.delete(key);
    }
  };

  return {
    /** Returns what was sent with the key in the last five minutes, else sends it. */
    sendOnce(key: string, send: () => Sent): Sent {
      const nowMs = Date.now();
      forgetBefore(nowMs - DEDUPLICATION_WINDOW_MS);
      const first = sentByKey.get(key);
      if (first) {
        return first.sent;
      }
      const sent = send();
      sentByKey.set(key, { sent, atMs: nowMs });
      return sent;
    },
  };
}

/**
 * The deduplication id of a message to a FIFO queue.
 *
 * @throws AwsError for a message without a group, or without an id if the queue does not derive it
 * from the body
 */
export function deduplicationIdOf(
  { body, groupId, deduplicationId }: Deduplicated,
  { contentBasedDeduplication }: { readonly contentBasedDeduplication: boolean },
): string {
  if (!groupId) {
    throw awsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
  }
  if (deduplicationId) {
    return deduplicationId;
  }
  if (contentBasedDeduplication) {
    return createHash('sha256').update(body).digest('hex');
  }
  throw awsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or ' +
      'MessageDeduplicationId provided explicitly',
  );
}
