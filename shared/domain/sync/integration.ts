import type { Actor } from '../actor.ts';
import type { IntegrationId, OrganizationId } from '../ids.ts';
import type { BackoffSchedule } from './backoff.ts';
import type { ExternalPerson, Provider } from './external-issue.ts';

/** The feature of an organization without which nothing is synced. */
export const ISSUE_SYNC_FEATURE = 'integrations-issue-sync';

/** A tracker that an organization keeps its issues in step with. Times are ISO 8601 in UTC. */
export type Integration = {
  readonly id: IntegrationId;
  readonly organizationId: OrganizationId;
  readonly provider: Provider;
  readonly name: string;
  /** The root of the tracker's API. */
  readonly baseUrl: string;
  /** Where its credentials and webhook secrets are kept; never what they are. */
  readonly secretRef: string;
  /** Switches and policies by the wire's names; `syncConfigOf` reads them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether `baseUrl` may lie inside a private network; only an operator can say so. */
  readonly allowPrivateAddress: boolean;
  /** The account that we write with; null until the tracker was asked. */
  readonly actor: ExternalPerson | null;
  readonly dateCreated: string;
  /** The tracker asked for quiet until then (epoch milliseconds). */
  readonly pausedUntilMs: number | null;
  /** When it last refused our credentials (epoch milliseconds); null while they are good. */
  readonly refusedAtMs: number | null;
};

/** Where the secret of an integration that people add is kept: nobody chooses it. */
export function secretRefOf(organizationId: OrganizationId, integrationId: IntegrationId): string {
  return `organizations/${organizationId}/integrations/${integrationId}`;
}

/**
 * Whether a secret is the integration's alone. One that a world names may be another's as well, and
 * nobody but whoever wrote it knows.
 */
export function ownsSecret({
  id,
  organizationId,
  secretRef,
}: Pick<Integration, 'id' | 'organizationId' | 'secretRef'>): boolean {
  return secretRef === secretRefOf(organizationId, id);
}

/** Whether the tracker's owner has to renew the credentials before anything else is tried. */
export function needsReauthorization(
  { refusedAtMs }: Pick<Integration, 'refusedAtMs'>,
  nowMs: number,
  { refusalMs }: Pick<BackoffSchedule, 'refusalMs'>,
): boolean {
  return refusedAtMs !== null && nowMs - refusedAtMs < refusalMs;
}

/** Whom an account in a tracker stands for here. */
export type ExternalActor = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly integrationId: IntegrationId;
  readonly provider: Provider;
  readonly actor: Actor;
  /** The tracker's id of the account; '' where it was only named. */
  readonly externalId: string;
  /** As people write it, `@octocat`. */
  readonly externalName: string;
  /** Who says so: somebody with the right to, or a verified address that both sides know. */
  readonly knownBy: 'hand' | 'email';
};
