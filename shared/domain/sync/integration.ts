import type { Actor } from '../actor.ts';
import type { BackoffSchedule } from './backoff.ts';
import type { ExternalPerson, Provider } from './external-issue.ts';

/** The organization's feature that enables syncing. */
export const ISSUE_SYNC_FEATURE = 'integrations-issue-sync';

/** A tracker of an organization. Times are ISO 8601 in UTC. */
export type Integration = {
  readonly id: string;
  readonly organizationId: string;
  readonly provider: Provider;
  readonly name: string;
  /** The root of the tracker's API. */
  readonly baseUrl: string;
  /** The name of the secret with its credentials and webhook secrets. */
  readonly secretRef: string;
  /** Switches and policies by their names in the API; `syncConfigOf` reads them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether `baseUrl` may be inside a private network. Only an operator can set this. */
  readonly allowPrivateAddress: boolean;
  /** The account of our credentials; null until the tracker was asked for it. */
  readonly actor: ExternalPerson | null;
  readonly dateCreated: string;
  /** A rate limit pauses the whole integration until then (epoch milliseconds). */
  readonly pausedUntilMs: number | null;
  /**
   * When the tracker last refused our credentials (epoch milliseconds); null while it accepts them.
   */
  readonly refusedAtMs: number | null;
};

/**
 * The name of the secret of an integration that was created through the API. Callers cannot choose
 * it.
 */
export function secretRefOf(organizationId: string, integrationId: string): string {
  return `organizations/${organizationId}/integrations/${integrationId}`;
}

/** Whether no other integration can use the secret. A world file can name the same secret twice. */
export function ownsSecret({
  id,
  organizationId,
  secretRef,
}: Pick<Integration, 'id' | 'organizationId' | 'secretRef'>): boolean {
  return secretRef === secretRefOf(organizationId, id);
}

/**
 * Whether the credentials were refused within the last `refusalMs`, so that their owner has to
 * renew them before anything else is tried.
 */
export function needsReauthorization(
  { refusedAtMs }: Pick<Integration, 'refusedAtMs'>,
  nowMs: number,
  { refusalMs }: Pick<BackoffSchedule, 'refusalMs'>,
): boolean {
  return refusedAtMs !== null && nowMs - refusedAtMs < refusalMs;
}

/** The user or team that an account in a tracker is mapped to. */
export type ExternalActor = {
  readonly id: string;
  readonly organizationId: string;
  readonly integrationId: string;
  readonly provider: Provider;
  readonly actor: Actor;
  /** The tracker's id of the account; '' where only its name is known. */
  readonly externalId: string;
  /** As people write it: `@octocat`. */
  readonly externalName: string;
  /** `hand`: mapped through the API. `email`: both sides show the same verified address. */
  readonly knownBy: 'hand' | 'email';
};
