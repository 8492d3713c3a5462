import { isId } from '../../domain/digits.ts';
import { busUnavailable, DomainError, notFound } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { Envelope } from '../../domain/ingest/envelope.ts';
import { sdkEventId, seenDetailOf } from '../../domain/ingest/sdk-event.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ClientKeyStore, KeyState } from '../../stores/projects/client-keys.ts';
import type { KeyUseStore } from '../../stores/projects/key-uses.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock, Count } from '../deps.ts';
import type { OutgoingEvent, PutEvents } from '../outbox/put-events.ts';

export type AcceptEventDeps = {
  readonly projects: Pick<ProjectStore, 'byIds'>;
  readonly clientKeys: Pick<ClientKeyStore, 'stateOf'>;
  readonly keyUses: Pick<KeyUseStore, 'take'>;
  readonly putEvents: PutEvents;
  readonly clock: Clock;
  readonly count: Count;
  /** 32 digits that nobody else has. */
  readonly newKeyText: () => string;
  readonly hashOf: (text: string) => string;
};

export type AcceptedEvent =
  /** The id of the event; null where nothing had one. */
  | { readonly kind: 'accepted'; readonly eventId: string | null }
  /** The key has taken as many as it may; in so many seconds it takes more. */
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/**
 * Puts the event that an SDK sent on the bus, under a client key of its project. What is sent again
 * is the same event, by its id, so a sender may repeat what was not taken. Throws
 * `access.unauthenticated` without a key, `resource.not_found` without the project or for a key
 * that is none of it, `access.forbidden` for one that is disabled, and `bus.unavailable` where the
 * bus did not take it.
 */
export async function acceptEvent(
  deps: AcceptEventDeps,
  {
    projectId,
    publicKey,
  }: { readonly projectId: ProjectId; readonly publicKey: string | undefined },
  readEnvelope: () => Envelope,
): Promise<AcceptedEvent> {
  const { project, key } = await findKey(deps, projectId, publicKey);
  const { eventId, event } = readEnvelope();
  const named = sdkEventId(eventId);
  if (event === null) {
    return { kind: 'accepted', eventId: named };
  }
  const wait = await secondsToWait(deps, key);
  if (wait > 0) {
    deps.count('envelope.limited');
    return { kind: 'limited', retryAfterSeconds: wait };
  }
  const detail = seenDetailOf(event, {
    projectId,
    organizationId: project.organizationId,
    eventId: sdkEventId(event.event_id) ?? named ?? deps.newKeyText(),
    hashOf: deps.hashOf,
  });
  await putOnBus(deps, { type: 'group.seen', detail: JSON.stringify(detail) });
  deps.count('envelope.events');
  return { kind: 'accepted', eventId: detail.eventId };
}

async function findKey(
  deps: Pick<AcceptEventDeps, 'projects' | 'clientKeys'>,
  projectId: ProjectId,
  publicKey: string | undefined,
): Promise<{ readonly project: Project; readonly key: KeyState }> {
  if (publicKey === undefined) {
    throw new DomainError(
      'access.unauthenticated',
      'Authentication credentials were not provided.',
    );
  }
  if (!isId(projectId)) {
    throw notFound();
  }
  const [projects, key] = await Promise.all([
    deps.projects.byIds([projectId]),
    deps.clientKeys.stateOf(projectId, publicKey),
  ]);
  const project = projects.get(projectId);
  if (project?.status !== 'active' || key === undefined) {
    throw notFound();
  }
  if (!key.isActive) {
    throw new DomainError('access.forbidden', 'This client key is disabled.');
  }
  return { project, key };
}

/** 0 where the key takes one more event, which is counted then. */
async function secondsToWait(
  { keyUses, clock }: Pick<AcceptEventDeps, 'keyUses' | 'clock'>,
  key: KeyState,
): Promise<number> {
  if (key.rateLimit === null) {
    return 0;
  }
  const { window } = key.rateLimit;
  const now = Math.floor(Date.parse(clock()) / 1000);
  const windowStart = now - (now % window);
  return (await keyUses.take(key, key.rateLimit, windowStart)) ? 0 : windowStart + window - now;
}

async function putOnBus(
  { putEvents }: Pick<AcceptEventDeps, 'putEvents'>,
  event: OutgoingEvent,
): Promise<void> {
  const [reason] = await putEvents([event]).catch((error: unknown) => {
    throw busUnavailable(error);
  });
  if (reason !== null) {
    throw busUnavailable(new Error(`The bus refused an event: ${reason}.`));
  }
}
