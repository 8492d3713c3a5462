/** What is remembered of a webhook delivery, for 7 days. */
export type DeliveryRecord =
  | { readonly state: 'inProgress'; readonly startedAtMs: number }
  | { readonly state: 'complete' };

/**
 * Whether to work on a delivery. One that another worker began and did not finish is taken over
 * when that worker must be over; until then the message waits.
 */
export function deliveryOutcome(
  record: DeliveryRecord | null,
  nowMs: number,
  leaseMs: number,
): 'process' | 'duplicate' | 'busy' {
  if (record === null) {
    return 'process';
  }
  if (record.state === 'complete') {
    return 'duplicate';
  }
  return nowMs - record.startedAtMs < leaseMs ? 'busy' : 'process';
}
