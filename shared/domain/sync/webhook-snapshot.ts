import type { ExternalPerson, ExternalStatus, ExternalVersion } from './external-issue.ts';

/**
 * A webhook, whatever tracker sent it, as it travels on the bus: no secrets, nothing that is not
 * needed to decide.
 */
export type WebhookSnapshot = {
  /** Unique per change and the same for every retry of it. */
  readonly deliveryId: string;
  readonly externalKey: string;
  readonly stableId: string | null;
  /** All assignees after the change; null when the change was not about them. */
  readonly assignees: readonly ExternalPerson[] | null;
  /** The status after the change; null when the change was not about it. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
  readonly actor: ExternalPerson | null;
  /** The payload names a change without saying what it led to: the issue must be read. */
  readonly incomplete: boolean;
};
