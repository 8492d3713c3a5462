import { parseArgs } from 'node:util';
import type { StageParameter } from '../stage-parameters.ts';
import { CONNECTION_OPTIONS, connect, type StageConnection } from './connect.ts';

/** A command of `npm run admin`. */
export type Command = {
  /** The usage: each form of the command, followed by what it does. */
  readonly usage: readonly (readonly [line: string, about: string])[];
  /** Returns whether the command has done everything. */
  readonly run: (args: readonly string[]) => Promise<boolean>;
};

/** The options of all commands that change or show the data of a stack. */
export const COMMON_OPTIONS = {
  ...CONNECTION_OPTIONS,
  json: { type: 'boolean', default: false },
} as const;

/** These options in a usage. */
export const COMMON_USAGE = '[--stage NAME | --url URL] [--json]';

type Option = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly default?: boolean;
};

/**
 * Parses the arguments of a command, at most one of which is not an option.
 *
 * @throws Error about an invalid argument
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
    throw new Error(`Unexpected arguments: ${more.join(' ')}. See --help.`);
  }
  return { values, word };
}

/**
 * Returns a required value.
 *
 * @throws Error with `sentence` when it is missing
 */
export function required<T>(value: T | undefined, sentence: string): T {
  if (value === undefined || value === '') {
    throw new Error(sentence);
  }
  return value;
}

/** Connects to the stack that the options select. */
export function connectTo<Parameter extends StageParameter>(
  values: { readonly stage?: string | undefined; readonly url?: string | undefined },
  parameters: readonly Parameter[],
): Promise<StageConnection<Parameter>> {
  return connect({ stage: values.stage, url: values.url }, parameters);
}

/** Prints the result: lines for people, or one line of JSON for programs. */
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

/** Formats a table: each column is as wide as its widest cell. */
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

/** A command with actions, the first argument: `tokens make`. */
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
        throw new Error(`Use ${name} ${Object.keys(actions).join(` or ${name} `)}.`);
      }
      return run(args);
    },
  };
}
