import { firstCodePoints, isLongerThan } from '../code-points.ts';
import { withoutLeadingZeros } from '../digits.ts';
import { environmentOf } from '../environments.ts';
import type { GroupId } from '../ids.ts';
import { type Fields, recordOf } from '../json.ts';
import { type EventParts, readEventParts } from '../ownership/event-shape.ts';
import { LONGEST_RELEASE } from '../release.ts';

/** A commit that a producer suspects of the error. */
export type SuspectCommit = { readonly id: string | null; readonly authorEmail: string };

/**
 * Which group an event belongs to: the one that it names, or the one that its fingerprint leads to.
 */
type SeenTarget =
  | { readonly kind: 'group'; readonly groupId: GroupId }
  | { readonly kind: 'fingerprint'; readonly fingerprint: string };

/**
 * An event that happened, as its producer tells it, with everything that was missing or malformed
 * replaced by its default.
 */
export type SeenEvent = {
  readonly eventId: string;
  /** Ids or slugs. */
  readonly organization: string;
  readonly project: string;
  readonly target: SeenTarget;
  readonly title: string;
  readonly culprit: string | null;
  readonly level: string;
  readonly platform: string | null;
  /** Where it happened, e.g. `production`; null where the event does not say. */
  readonly environment: string | null;
  /** The release that it happened in; null where that is not known. */
  readonly release: string | null;
  /** ISO 8601 in UTC, never after the moment it was read. */
  readonly timestamp: string;
  /** Whom it happened to, as text that tells users apart; null where that is not known. */
  readonly user: string | null;
  /** The event of Sentry's shape, as it came. */
  readonly event: unknown;
  readonly commit: SuspectCommit | null;
  /** Reprocessed events are counted and have no owners evaluated. */
  readonly isReprocessed: boolean;
};

export type SeenReading =
  | { readonly ok: true; readonly event: SeenEvent }
  /** Nothing could be done with it, now or later. */
  | { readonly ok: false; readonly reason: 'malformed' };

/** What is kept of an event's id where it is shown; counted are ids of any length. */
export const shownEventId = (eventId: string): string => firstCodePoints(eventId, LONGEST_CULPRIT);

const LONGEST_TITLE = 255;
const LONGEST_CULPRIT = 200;
const LONGEST_COMMIT = 200;
const levels = ['fatal', 'error', 'warning', 'info', 'debug', 'sample'];
const GROUP_ID = /^[0-9]{1,20}$/;

/**
 * Reads the `detail` of a `group.seen`. It needs an `eventId`, an organization, a project, and a
 * `groupId` or a `fingerprint`; anything else that is missing, null or of a wrong type is as if the
 * producer had not said it. A time that is none, or in the future, is `now`.
 */
export function readSeenEvent(detail: unknown, now: string): SeenReading {
  const fields = recordOf(detail);
  const target = targetOf(fields);
  const eventId = text(fields.eventId);
  const organization = name(fields.organization);
  const project = name(fields.project);
  if (!target || !eventId || !organization || !project) {
    return { ok: false, reason: 'malformed' };
  }
  const event = recordOf(fields.event);
  const parts = readEventParts(fields.event);
  const level = text(fields.level) ?? text(event.level) ?? '';
  return {
    ok: true,
    event: {
      eventId,
      organization,
      project,
      target,
      title: firstCodePoints(
        text(fields.title) ?? titleOf(parts) ?? '<unlabeled event>',
        LONGEST_TITLE,
      ),
      culprit: cutOrNull(text(fields.culprit), LONGEST_CULPRIT),
      level: levels.includes(level) ? level : 'error',
      platform: cutOrNull(text(fields.platform) ?? text(event.platform), LONGEST_CULPRIT),
      environment: environmentOf(event),
      release: releaseOf(event, parts),
      timestamp: timeOf(fields.timestamp, now),
      user: userOf(parts.user),
      event: fields.event ?? null,
      commit: readCommit(fields.commit),
      isReprocessed: fields.reprocessed === true,
    },
  };
}

/** The commit that a producer names, whatever it sent; null without the address of an author. */
export function readCommit(value: unknown): SuspectCommit | null {
  const { authorEmail, id } = recordOf(value);
  const email = text(authorEmail);
  return email === undefined
    ? null
    : { authorEmail: email, id: cutOrNull(name(id), LONGEST_COMMIT) };
}

function targetOf({ groupId, fingerprint }: Fields): SeenTarget | undefined {
  const id = name(groupId);
  if (id !== undefined) {
    return GROUP_ID.test(id) ? { kind: 'group', groupId: withoutLeadingZeros(id) } : undefined;
  }
  const parts = (Array.isArray(fingerprint) ? fingerprint : [fingerprint]).map(name);
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) {
    return undefined;
  }
  return { kind: 'fingerprint', fingerprint: parts.join('\n') };
}

/** `TypeError: x is undefined`, of the exception nearest the error. */
function titleOf({ exceptions }: EventParts): string | undefined {
  const exception = exceptions.at(-1) ?? {};
  const parts = [text(exception.type), text(exception.value)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(': ');
}

function timeOf(value: unknown, now: string): string {
  const unixMs =
    typeof value === 'number'
      ? value * 1000
      : typeof value === 'string'
        ? Date.parse(hasZone.test(value) ? value : `${value}Z`)
        : Number.NaN;
  const isUsable = unixMs >= 0 && unixMs <= Date.parse(now);
  return isUsable ? new Date(unixMs).toISOString() : now;
}

/** A time of day without a zone is UTC, and not the zone of whatever machine reads it. */
const hasZone = /(?:Z|[+-][0-9]{2}:?[0-9]{2})$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$/i;

/** The first of these that is known tells one user from another. */
function userOf(user: Fields): string | null {
  for (const field of ['id', 'email', 'username', 'ip_address']) {
    const value = name(user[field]);
    if (value !== undefined) {
      return `${field}:${value}`;
    }
  }
  return null;
}

/** The event's own word, else that of its tag. */
function releaseOf(event: Fields, { tags }: EventParts): string | null {
  const tagged = tags.find(([key]) => key === 'release' || key === 'sentry:release');
  const release = (name(event.release) ?? name(tagged?.[1]))?.trim();
  return release === undefined || isLongerThan(release, LONGEST_RELEASE) ? null : release;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : undefined;
}

/** Ids are texts that some producers send as numbers. */
function name(value: unknown): string | undefined {
  return text(typeof value === 'number' ? String(value) : value);
}

function cutOrNull(value: string | undefined, length: number): string | null {
  return value === undefined ? null : firstCodePoints(value, length);
}
