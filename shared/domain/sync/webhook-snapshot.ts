import type { ExternalPerson, ExternalStatus, ExternalVersion } from './external-issue.ts';

/**
 * A webhook of any tracker, as it travels on the bus: without secrets, and with nothing that is not
 * needed for a decision.
 */
export type WebhookSnapshot = {
  /** Unique for each change, and the same for every retry of it. */
  readonly deliveryId: string;
  readonly externalKey: string;
  readonly stableId: string | null;
  /** All assignees after the change; null when the change was not about them. */
  readonly assignees: readonly ExternalPerson[] | null;
  /** The status after the change; null when the change was not about it. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
  readonly actor: ExternalPerson | null;
  /** The payload names a change but not its result: the issue has to be read. */
  readonly incomplete: boolean;
};
