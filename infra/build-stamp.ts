import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a build was made from and what it made: sizes in bytes and times of the last change in
 * milliseconds, by paths below the root. While all of them are as they were, so is the result.
 */
export type BuildStamp = {
  /** What else decides the result, such as the names of the functions. */
  readonly about: readonly string[];
  readonly inputs: FileStates;
  readonly outputs: FileStates;
};

type FileStates = Readonly<Record<string, readonly [bytes: number, changedMs: number]>>;

/**
 * The stamp of a build that has just ended; null where a file changed after it began, which may
 * have been before or after it was read.
 */
export function stampOf(
  root: string,
  build: {
    readonly about: readonly string[];
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly startedMs: number;
  },
): BuildStamp | null {
  const inputs = statesOf(root, build.inputs);
  const outputs = statesOf(root, build.outputs);
  if (inputs === null || outputs === null) {
    return null;
  }
  const isOlder = Object.values(inputs).every(([, changedMs]) => changedMs < build.startedMs);
  return isOlder ? { about: build.about, inputs, outputs } : null;
}

/** Whether a build would make what the one of this stamp file made. */
export function isUpToDate(root: string, file: string, about: readonly string[]): boolean {
  const stamp = readStamp(join(root, file));
  return (
    stamp !== null &&
    JSON.stringify(stamp.about) === JSON.stringify(about) &&
    isSame(root, stamp.inputs) &&
    isSame(root, stamp.outputs)
  );
}

function isSame(root: string, before: FileStates): boolean {
  const now = statesOf(root, Object.keys(before));
  return now !== null && JSON.stringify(now) === JSON.stringify(before);
}

/** Null where one of the files is not there. */
function statesOf(root: string, paths: readonly string[]): FileStates | null {
  const states: Record<string, readonly [number, number]> = {};
  for (const path of paths) {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) {
      return null;
    }
    states[path] = [stat.size, stat.mtimeMs];
  }
  return states;
}

/** Null for none, and for one that another version or a crash has left. */
function readStamp(path: string): BuildStamp | null {
  if (!existsSync(path)) {
    return null;
  }
  try {
    const stamp = JSON.parse(readFileSync(path, 'utf8')) as Partial<BuildStamp>;
    const { about, inputs, outputs } = stamp;
    return about && inputs && outputs ? { about, inputs, outputs } : null;
  } catch {
    return null;
  }
}
