import { firstCodePoints, isLongerThan } from '../code-points.ts';
import type { OrganizationId, ProjectId } from '../ids.ts';
import type { Fields } from '../json.ts';
import { framesIn, readEventParts } from '../ownership/event-shape.ts';
import { fingerprintOf, messageOf } from './fingerprint.ts';

/** What a `group.seen` says of an event that an SDK sent: what rules and counts need, no more. */
export type SeenDetail = Readonly<Record<string, unknown>> & { readonly eventId: string };

/** To whom an event belongs, and how what tells its users apart is hidden. */
export type SdkEventContext = {
  readonly projectId: ProjectId;
  readonly organizationId: OrganizationId;
  readonly eventId: string;
  readonly hashOf: (text: string) => string;
};

/** The longest event on the bus, in bytes of JSON: a queue takes 256 KB with all around it. */
const MAXIMUM_BYTES = 200_000;
/** How many frames of an exception are kept: the most of these with which the event fits. */
const FRAMES_KEPT = [250, 50, 10, 0];
const EXCEPTIONS_KEPT = 20;
const TAGS_KEPT = 100;
const LONGEST_TAG = 200;
const LONGEST_TEXT = 500;
const LONGEST_TITLE = 250;
/** A longer fingerprint is told by its hash. */
const LONGEST_FINGERPRINT = 1000;

const frameTexts = ['filename', 'abs_path', 'module', 'package', 'platform'];

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Makes the detail of `group.seen` of an event that an SDK sent. Of its user only a hash is kept,
 * which tells users of one project apart; of its request the address without its query; nothing of
 * variables, cookies, breadcrumbs and contexts.
 */
export function seenDetailOf(event: Fields, context: SdkEventContext): SeenDetail {
  for (const frames of FRAMES_KEPT) {
    const detail = detailWith(event, context, frames);
    if (Buffer.byteLength(JSON.stringify(detail)) <= MAXIMUM_BYTES) {
      return detail;
    }
  }
  return { ...detailWith(event, context, 0), event: {} };
}

/** The id that an SDK gave an event, as 32 digits; null where it gave none that is one. */
export function sdkEventId(value: unknown): string | null {
  const id = typeof value === 'string' ? value.replaceAll('-', '').toLowerCase() : '';
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

function detailWith(event: Fields, context: SdkEventContext, mostFrames: number): SeenDetail {
  const { projectId, organizationId, eventId, hashOf } = context;
  return {
    eventId,
    organization: organizationId,
    project: projectId,
    fingerprint: shortFingerprint(fingerprintOf(event), hashOf),
    title: titleOf(event),
    culprit: culpritOf(event),
    level: textOf(event.level),
    platform: textOf(event.platform),
    timestamp: typeof event.timestamp === 'number' ? event.timestamp : textOf(event.timestamp),
    event: keptEvent(event, context, mostFrames),
  };
}

function shortFingerprint(
  words: readonly string[],
  hashOf: SdkEventContext['hashOf'],
): readonly string[] {
  const joined = words.join('\n');
  return isLongerThan(joined, LONGEST_FINGERPRINT) ? [hashOf(joined)] : words;
}

function keptEvent(event: Fields, context: SdkEventContext, mostFrames: number) {
  const { exceptions, frames, threads, url, user, tags } = readEventParts(event);
  return {
    platform: textOf(event.platform),
    environment: textOf(event.environment),
    release: textOf(event.release),
    exception: { values: exceptions.slice(-EXCEPTIONS_KEPT).map(stackWith) },
    ...(frames.length === 0 ? {} : { stacktrace: { frames: keptFrames(frames) } }),
    threads: {
      values: threads
        .filter(({ crashed, current }) => crashed === true || current === true)
        .slice(-1)
        .map((thread) => ({
          crashed: thread.crashed === true,
          current: true,
          ...stackWith(thread),
        })),
    },
    ...(url === null ? {} : { request: { url: bareUrl(url) } }),
    ...keptUser(user, context),
    tags: tags.flatMap(keptTag).slice(0, TAGS_KEPT),
  };

  function stackWith(holder: Fields) {
    return { type: textOf(holder.type), stacktrace: { frames: keptFrames(framesIn(holder)) } };
  }

  function keptFrames(all: readonly Fields[]) {
    return mostFrames === 0 ? [] : all.slice(-mostFrames).map(keptFrame);
  }
}

function keptFrame(frame: Fields) {
  const texts = frameTexts.map((name) => [name, withoutQuery(textOf(frame[name]))] as const);
  return { ...Object.fromEntries(texts), in_app: frame.in_app === true };
}

function keptUser(user: Fields, { projectId, hashOf }: SdkEventContext) {
  const known = ['id', 'email', 'username', 'ip_address']
    .map((name) => [name, textOf(user[name])] as const)
    .find(([, value]) => value !== undefined && value !== '{{auto}}');
  return known === undefined ? {} : { user: { id: hashOf([projectId, ...known].join('\n')) } };
}

function keptTag([key, value]: readonly [unknown, unknown]): (readonly [string, string])[] {
  const [name, text] = [textOf(key), textOf(value)];
  return name === undefined || text === undefined
    ? []
    : [[firstCodePoints(name, LONGEST_TAG), firstCodePoints(text, LONGEST_TAG)]];
}

/** The address of a page, without who asked and what for. */
function bareUrl(url: string): string {
  const [bare = ''] = url.split(/[?#]/);
  return firstCodePoints(bare.replace(/\/\/[^/@]*@/, '//'), LONGEST_TEXT);
}

/**
 * The frame of a script within a page is named by the page's address, which has who asked in it.
 */
function withoutQuery(text: string | undefined): string | undefined {
  return text !== undefined && HAS_SCHEME.test(text) ? bareUrl(text) : text;
}

/** The type and the first line of the exception nearest the error, or the event's message. */
function titleOf(event: Fields): string | undefined {
  const { exceptions } = readEventParts(event);
  const { type, value } = exceptions.at(-1) ?? {};
  const parts = [textOf(type), firstLineOf(textOf(value))].filter((part) => part !== undefined);
  const title = parts.length > 0 ? parts.join(': ') : firstLineOf(messageOf(event).shown);
  return title === undefined ? undefined : firstCodePoints(title, LONGEST_TITLE);
}

function culpritOf(event: Fields): string | undefined {
  const { exceptions, frames } = readEventParts(event);
  const stack = exceptions.at(-1);
  const called = stack === undefined ? frames : framesIn(stack);
  const last = called.findLast((frame) => frame.in_app === true) ?? called.at(-1) ?? {};
  const where = [textOf(last.module) ?? withoutQuery(textOf(last.filename)), textOf(last.function)];
  const named = where.filter((part) => part !== undefined).join(' in ');
  return (
    withoutQuery(textOf(event.transaction))?.split('?')[0] ?? (named === '' ? undefined : named)
  );
}

function firstLineOf(text: string | undefined): string | undefined {
  return text?.split('\n').find((line) => line.trim() !== '');
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== ''
    ? firstCodePoints(text.toWellFormed(), LONGEST_TEXT)
    : undefined;
}
