import { firstCodePoints } from '../code-points.ts';
import { type Fields, recordOf } from '../json.ts';
import { codeownersValue } from './codeowners/codeowners-pattern.ts';
import { type EventPart, type EventParts, framesIn, readEventParts } from './event-shape.ts';
import { globValue } from './glob.ts';
import { type FrameTexts, mungePath } from './munge.ts';
import type { PreparedValue } from './pattern.ts';

/** So much of a name is told. Files have shorter ones. */
const LONGEST_NAME = 500;

/** A text of some frames, prepared once for all of them. Frames count from the error outward. */
export type FrameValue<Value> = PreparedValue<Value> & { readonly frames: readonly number[] };

/** What rules can see of an event. Values are in the order of the first frame that has them. */
export type PreparedEvent = {
  /** The files of the frames by every name they have, for `path` rules. */
  readonly paths: readonly FrameValue<string>[];
  readonly modules: readonly FrameValue<string>[];
  /** The files of the frames that are not known to be a library's, for CODEOWNERS. */
  readonly files: readonly FrameValue<readonly string[]>[];
  readonly url: string | null;
  /** Every value under which a rule for this tag may find the event. */
  tagValues(name: string): readonly string[];
  /** The parts that are there and could not be read. */
  readonly unreadable: readonly EventPart[];
};

/**
 * The text in which globs that ignore case look for paths and modules: lower case, slashes only.
 */
export function foldPath(text: string): string {
  return text.toLowerCase().replaceAll('\\', '/');
}

/**
 * Reads an event of Sentry's shape, as `readEventParts` does. Whatever is missing, null or cannot
 * be read is as if it were not there. The platform is the event's own where none is given.
 */
export function prepareEvent(event: unknown, platform?: string | null): PreparedEvent {
  const parts = readEventParts(event);
  const eventPlatform = platform ?? text(parts.platform);
  const frames = [...framesOf(parts)].reverse();
  const names = frames.map((frame) => namesOf(frame, eventPlatform));
  return {
    paths: byValue(
      names.map((texts) => distinct(texts.map(foldPath))),
      globValue,
    ),
    modules: byValue(
      frames.map((frame) => distinct([text(frame.module)]).map(foldPath)),
      globValue,
    ),
    files: byValue(
      names.map((texts, at) => (frames[at]?.in_app === false ? [] : withSlashes(texts))),
      codeownersValue,
    ),
    url: parts.url,
    tagValues: (name) => tagValues(parts, name),
    unreadable: parts.unreadable,
  };
}

/** A file with backslashes is known by the same path with slashes too. */
function withSlashes(texts: readonly string[]): string[] {
  return distinct(texts.flatMap((each) => [each, each.replaceAll('\\', '/')]));
}

/** From the texts of each frame to the frames of each text. */
function byValue<Value>(
  textsOfFrames: readonly (readonly string[])[],
  prepare: (text: string) => PreparedValue<Value>,
): FrameValue<Value>[] {
  const framesOfText = new Map<string, number[]>();
  for (const [frame, texts] of textsOfFrames.entries()) {
    for (const each of texts) {
      const frames = framesOfText.get(each);
      if (frames) {
        frames.push(frame);
      } else {
        framesOfText.set(each, [frame]);
      }
    }
  }
  return Array.from(framesOfText, ([each, frames]) => ({ ...prepare(each), frames }));
}

/**
 * The frames of the exceptions, else of the event itself, else of the thread that crashed; oldest
 * call first.
 */
function framesOf({ exceptions, frames, threads }: EventParts): readonly Fields[] {
  const ofExceptions = exceptions.flatMap(framesIn);
  if (ofExceptions.length > 0) {
    return ofExceptions;
  }
  if (frames.length > 0) {
    return frames;
  }
  const thread =
    threads.find(({ crashed }) => crashed === true) ??
    threads.find(({ current }) => current === true) ??
    (threads.length === 1 ? threads[0] : undefined);
  return thread ? framesIn(thread) : [];
}

/** Every name of a frame's file. */
function namesOf(frame: Fields, eventPlatform: string | null): string[] {
  const texts: FrameTexts = {
    filename: text(frame.filename),
    absPath: text(frame.abs_path),
    module: text(frame.module),
    package: text(frame.package),
  };
  const munged = mungePath(texts, text(frame.platform) ?? eventPlatform);
  return distinct([texts.filename, texts.absPath, munged]);
}

/**
 * `user.*` names look at the event's user first, one level of its `data` included, then every name
 * looks at the tags. The tags that Sentry keeps for itself may carry its prefix on either side.
 */
function tagValues({ user, tags }: EventParts, name: string): string[] {
  const field = name.startsWith('user.') ? name.slice('user.'.length) : null;
  const ofUser =
    field === null ? [] : [scalarText(user[field]), scalarText(recordOf(user.data)[field])];
  const ofTags = tags
    .filter(([key]) => typeof key === 'string' && unprefixed(key) === unprefixed(name))
    .map(([, value]) => scalarText(value));
  return distinct([...ofUser, ...ofTags]);
}

const reservedTag = /^sentry:(?=(?:release|dist|user)$)/;

function unprefixed(tag: string): string {
  return tag.replace(reservedTag, '');
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Tags and user fields are texts that some senders leave as numbers or booleans. */
function scalarText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return typeof value === 'string' ? value : null;
}

function distinct(texts: readonly (string | null)[]): string[] {
  return [...new Set(texts.filter((value) => value !== null))];
}

/** Where a frame is, as its event says; null for what the event does not say. */
export type FrameName = { readonly filename: string | null; readonly module: string | null };

/** The names of the frames of an event, from the error outward, as rules count them. */
export function frameNames(event: unknown): FrameName[] {
  return [...framesOf(readEventParts(event))].reverse().map(nameOfFrame);
}

function nameOfFrame({ filename, abs_path, module }: Fields): FrameName {
  return { filename: nameIn(filename) ?? nameIn(abs_path), module: nameIn(module) };
}

function nameIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? firstCodePoints(value, LONGEST_NAME) : null;
}
