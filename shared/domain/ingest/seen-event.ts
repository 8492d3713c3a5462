import { firstCodePoints, isLongerThan } from '../code-points.ts';
import { withoutLeadingZeros } from '../digits.ts';
import { environmentOf } from '../environments.ts';
import { type Fields, recordOf } from '../json.ts';
import { type EventParts, readEventParts } from '../ownership/event-shape.ts';
import { LONGEST_RELEASE } from '../release.ts';

/** A commit that the producer names as the likely cause of the error. */
export type SuspectCommit = { readonly id: string | null; readonly authorEmail: string };

/** The group of an event, by its id or by the event's fingerprint. */
export type SeenTarget =
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'fingerprint'; readonly fingerprint: string };

/** An event after reading: missing and malformed fields have their defaults. */
export type SeenEvent = {
  readonly eventId: string;
  /** Id or slug, as the producer wrote it. */
  readonly organization: string;
  readonly project: string;
  readonly target: SeenTarget;
  readonly title: string;
  readonly culprit: string | null;
  readonly level: string;
  readonly platform: string | null;
  /** E.g. `production`; null where the event does not name one. */
  readonly environment: string | null;
  /** Null where the event does not name one. */
  readonly release: string | null;
  /** ISO 8601 in UTC, never after the moment it was read. */
  readonly timestamp: string;
  /** The affected user, as a text that distinguishes users; null where the event names none. */
  readonly user: string | null;
  /** The event in Sentry's format, unchanged. */
  readonly event: unknown;
  readonly commit: SuspectCommit | null;
  /** Reprocessed events are counted, but their owners are not evaluated. */
  readonly isReprocessed: boolean;
};

export type SeenReading =
  | { readonly ok: true; readonly event: SeenEvent }
  /** The event lacks required fields, and a retry would not help. */
  | { readonly ok: false; readonly reason: 'malformed' };

/** Event ids are cut for display; deduplication uses the whole id. */
export const shownEventId = (eventId: string): string => firstCodePoints(eventId, LONGEST_CULPRIT);

const LONGEST_TITLE = 255;
const LONGEST_CULPRIT = 200;
const LONGEST_COMMIT = 200;
const levels = ['fatal', 'error', 'warning', 'info', 'debug', 'sample'];
const GROUP_ID = /^[0-9]{1,20}$/;

/**
 * Reads the `detail` of a `group.seen`. It needs an `eventId`, an organization, a project, and a
 * `groupId` or a `fingerprint`. Any other field that is missing, null or of a wrong type counts as
 * absent. A timestamp that cannot be parsed, or that lies in the future, becomes `now`.
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

/** The suspect commit; null without an author's address, whatever else the producer sent. */
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

/** The title from the last exception, the one nearest to the error: `TypeError: x is undefined`. */
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

/**
 * Matches times with a zone, and dates. A time without a zone is read as UTC, not in this machine's
 * zone.
 */
const hasZone = /(?:Z|[+-][0-9]{2}:?[0-9]{2})$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$/i;

/** The first known field identifies the user. */
function userOf(user: Fields): string | null {
  for (const field of ['id', 'email', 'username', 'ip_address']) {
    const value = name(user[field]);
    if (value !== undefined) {
      return `${field}:${value}`;
    }
  }
  return null;
}

/** The release from the event's field, else from its tag. */
function releaseOf(event: Fields, { tags }: EventParts): string | null {
  const tagged = tags.find(([key]) => key === 'release' || key === 'sentry:release');
  const release = (name(event.release) ?? name(tagged?.[1]))?.trim();
  return release === undefined || isLongerThan(release, LONGEST_RELEASE) ? null : release;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : undefined;
}

/** A non-empty text, or a number as text: some producers send ids as numbers. */
function name(value: unknown): string | undefined {
  return text(typeof value === 'number' ? String(value) : value);
}

function cutOrNull(value: string | undefined, length: number): string | null {
  return value === undefined ? null : firstCodePoints(value, length);
}
