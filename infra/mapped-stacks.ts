import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';

/** A position of a source that a map names, as far as it does. */
type Entry = Partial<SourceMapping> & { name?: string };

/** Finds the source of a position of a bundle; lines and columns count from 0. */
type FindEntry = (line: number, column: number) => Entry;

/** A bundle, by the path that its frames name, and its map. */
type Source = { readonly bundle: string; readonly findEntry: FindEntry };

/**
 * Makes stack traces name the sources of a bundle. Its map, some 1.5 MB, is read when the first
 * trace is asked for, which is when an error is logged: `--enable-source-maps` reads it at every
 * cold start. Belongs to every bundle (`infra/build.ts`).
 *
 * @param bundle - The path of the bundle, as its frames name it; its map lies beside it.
 */
export function mapStacks(bundle: string): void {
  let findEntry: FindEntry | undefined;
  Error.prepareStackTrace = (error, frames) => {
    findEntry ??= readMap(bundle);
    return stackOf(error, frames, { bundle, findEntry });
  };
}

/** A trace without a readable map is better than none. */
function readMap(bundle: string): FindEntry {
  try {
    const path = bundle.startsWith('file:') ? new URL(`${bundle}.map`) : `${bundle}.map`;
    const map = new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
    return (line, column) => map.findEntry(line, column);
  } catch {
    return () => ({});
  }
}

/**
 * The text of a stack trace in V8's form, the frames of the bundle with the names, files and lines
 * of their sources.
 */
function stackOf(error: unknown, frames: readonly NodeJS.CallSite[], source: Source): string {
  const lines = frames.map((frame, index) => describe(frame, frames[index + 1], source));
  return [headerOf(error), ...lines.map((line) => `    at ${line}`)].join('\n');
}

function headerOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return '<error>';
  }
}

function describe(
  frame: NodeJS.CallSite,
  caller: NodeJS.CallSite | undefined,
  source: Source,
): string {
  const text = frame.toString();
  const { line, column } = positionOf(frame);
  const { originalSource, originalLine, originalColumn } = entryOf(frame, source);
  if (originalSource === undefined || originalLine === undefined || originalColumn === undefined) {
    return text;
  }
  const location = `${fromRepository(originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  const mapped = text.replace(`${source.bundle}:${line}:${column}`, location);
  const shortened = frame.getFunctionName();
  // What the caller calls a function is its name in the source; where the function begins is not,
  // an arrow function begins with its first parameter.
  const name = caller && entryOf(caller, source).name;
  return shortened === null || name === undefined ? mapped : mapped.replace(shortened, name);
}

/** The source of a frame's position; empty for a frame of another file. */
function entryOf(frame: NodeJS.CallSite, { bundle, findEntry }: Source): Entry {
  const { line, column } = positionOf(frame);
  return frame.getFileName() === bundle && line > 0 ? findEntry(line - 1, column - 1) : {};
}

/** Line and column from 1, as traces print them; 0 where V8 knows none. */
function positionOf(frame: NodeJS.CallSite): { line: number; column: number } {
  return { line: frame.getLineNumber() ?? 0, column: frame.getColumnNumber() ?? 0 };
}

/** `../../shared/config.ts` of a map is `shared/config.ts` of the repository. */
function fromRepository(source: string): string {
  return source.replace(/^(?:\.\.\/)+/, '');
}
