import { parseArgs } from 'node:util';
import type { StageParameter } from '../stage-parameters.ts';
import { CONNECTION_OPTIONS, connect, type StageConnection } from './connect.ts';

/** What `npm run admin` knows by a name. */
export type Command = {
  /** The lines that say how it is called, each followed by what it does. */
  readonly usage: readonly (readonly [line: string, about: string])[];
  /** Answers whether all that was asked for is done. */
  readonly run: (args: readonly string[]) => Promise<boolean>;
};

/** The options that every command has which changes or shows a stack's data. */
export const COMMON_OPTIONS = {
  ...CONNECTION_OPTIONS,
  json: { type: 'boolean', default: false },
} as const;

/** How they are written in a usage. */
export const COMMON_USAGE = '[--stage NAME | --url URL] [--json]';

type Option = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly default?: boolean;
};

/**
 * Reads the arguments of a command that takes at most one word beside its options.
 *
 * @throws Error with a sentence about an argument that is wrong
 */
export function readArguments<const Options extends Readonly<Record<string, Option>>>(
  args: readonly string[],
  options: Options,
) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...COMMON_OPTIONS, ...options },
  });
  const [word, ...more] = positionals;
  if (more.length > 0) {
    throw new Error(`${more.join(' ')} is too much: see --help.`);
  }
  return { values, word };
}

/** A value that has to be there. Throws with a sentence that asks for it. */
export function required<T>(value: T | undefined, sentence: string): T {
  if (value === undefined || value === '') {
    throw new Error(sentence);
  }
  return value;
}

/** Connects to the stack that the options name. */
export function connectTo<Parameter extends StageParameter>(
  values: { readonly stage?: string | undefined; readonly url?: string | undefined },
  parameters: readonly Parameter[],
): Promise<StageConnection<Parameter>> {
  return connect({ stage: values.stage, url: values.url }, parameters);
}

/** Prints what was done: one or two lines for people, or one line of JSON for programs. */
export function report(
  { json }: { readonly json: boolean },
  { lines, value }: { readonly lines: readonly string[]; readonly value: unknown },
): true {
  if (json) {
    console.log(JSON.stringify(value));
  } else {
    for (const line of lines) {
      console.log(line);
    }
  }
  return true;
}

/** A table for people: each column as wide as its widest cell. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

type Action = Command['run'];

/** A command whose first word says what to do: `tokens make`. */
export function commandOf(
  name: string,
  actions: Readonly<Record<string, Action>>,
  usage: Command['usage'],
): Command {
  return {
    usage,
    run([action = '', ...args]) {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (run === undefined) {
        throw new Error(`Say ${name} ${Object.keys(actions).join(` or ${name} `)}.`);
      }
      return run(args);
    },
  };
}
