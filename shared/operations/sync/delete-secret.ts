import type { BusEvent } from '../../domain/events.ts';
import type { Clock } from '../deps.ts';
import type { WorkOutcome } from './record-failure.ts';

export type DeleteSecretDeps = {
  /** Deletes a secret; one that is not there is no failure. */
  readonly secrets: { remove(reference: string): Promise<void> };
  readonly clock: Clock;
};

/**
 * Deletes the secret of an integration that is gone. Whoever renews its credentials at that moment
 * writes it once more: then it is deleted again when they can no longer be at it.
 */
export async function deleteSecret(
  { secrets, clock }: DeleteSecretDeps,
  { detail }: BusEvent<'integration.deleted'>,
): Promise<WorkOutcome> {
  const { secretRef, renewalUntilMs } = detail.data;
  if (secretRef === null) {
    return { kind: 'done' };
  }
  await secrets.remove(secretRef);
  const delayMs = (renewalUntilMs ?? 0) - Date.parse(clock());
  return delayMs > 0 ? { kind: 'later', delayMs } : { kind: 'done' };
}
