import { createHash } from 'node:crypto';
import { awsError } from '../services/aws-json.ts';

const DEDUPLICATION_WINDOW_MS = 5 * 60_000;

/** A message as far as its deduplication id depends on it. */
type Deduplicated = {
  readonly body: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
};

/** Remembers for five minutes what was sent with which deduplication key. */
export function createDeduplicationWindow<Sent>() {
  /** By key, oldest first. */
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
    /** What was sent with the key in the last five minutes; else sends it. */
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
 * @throws AwsError when the message has no group, or no id and the queue makes none of its body
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
