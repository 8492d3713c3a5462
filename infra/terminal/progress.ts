/** Says on a terminal or in a log what a command is doing, and how far it is. */
export type Progress = {
  /** Begins a step: `Writing the world`. */
  step(what: string): void;
  /** Says how far the step is: how many things are done, and of how many where that is known. */
  count(done: number, total?: number): void;
  /** Prints a line about what is done, for people. */
  say(line: string): void;
  /** Prints a line of something else, such as a warning. */
  note(line: string): void;
  /** Ends the last step, before the command prints its result. */
  end(): void;
};

/** Where progress goes: standard error, or what stands for it in a test. */
type Output = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** In a log, so many parts of a step of a known size have a line. */
const LINES_OF_STEP = 4;
/** In a log, so many things of a step of an unknown size, or a large one, have a line. */
const COUNTED_TOGETHER = 1_000;
const DEFAULT_COLUMNS = 80;
/** To the beginning of the line, which is cleared. */
const CLEAR_LINE = '\r\u001B[2K';

/** `Writing the world: 250 of 1,000 (25 %)`. */
export function progressText(what: string, done: number | undefined, total?: number): string {
  if (done === undefined) {
    return what;
  }
  const count = done.toLocaleString('en');
  if (total === undefined) {
    return `${what}: ${count}`;
  }
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${what}: ${count} of ${total.toLocaleString('en')} (${percent} %)`;
}

/** Whether a log gets a line for a count after the one before: one for each part of the step. */
export function isWorthALine(before: number, done: number, total?: number): boolean {
  const part = Math.max(COUNTED_TOGETHER, Math.ceil((total ?? 0) / LINES_OF_STEP));
  return Math.floor(done / part) > Math.floor(before / part);
}

/**
 * Whether a line can be written over. Programs that gather output, and people who want it plain,
 * get one line after the other.
 */
export function isOverwritable({ isTTY }: Output, env: Environment): boolean {
  return isTTY === true && !isSet(env.NO_COLOR) && !isSet(env.CI) && env.TERM !== 'dumb';
}

const isSet = (value: string | undefined) => value !== undefined && value !== '';

/** The progress of a command on standard error: one line that changes, or a line a step. */
export function createProgress(
  output: Output = process.stderr,
  env: Environment = process.env,
): Progress {
  return isOverwritable(output, env) ? onTerminal(output) : inLog(output);
}

/** For a program that reads the result: nothing but notes. */
export function silentProgress(output: Output = process.stderr): Progress {
  return {
    step: () => {},
    count: () => {},
    say: () => {},
    note: (line) => void output.write(`${line}\n`),
    end: () => {},
  };
}

/** Progress for people, or none for `--json`. */
export const progressFor = ({ json }: { readonly json: boolean }): Progress =>
  json ? silentProgress() : createProgress();

function onTerminal(output: Output): Progress {
  let what = '';
  let shown = '';

  const show = (text: string) => {
    // A line that goes on in the next one could not be cleared. A terminal may have no size.
    const line = text.slice(0, (output.columns || DEFAULT_COLUMNS) - 1);
    if (line !== shown) {
      output.write(CLEAR_LINE + line);
      shown = line;
    }
  };

  const printAbove = (line: string) => {
    const before = shown;
    output.write(`${CLEAR_LINE}${line}\n`);
    shown = '';
    show(before);
  };

  return {
    step(next) {
      what = next;
      show(progressText(what, undefined));
    },
    count: (done, total) => show(progressText(what, done, total)),
    say: printAbove,
    note: printAbove,
    end: () => show(''),
  };
}

function inLog(output: Output): Progress {
  let what = '';
  let counted = 0;
  const print = (line: string) => void output.write(`${line}\n`);
  return {
    step(next) {
      what = next;
      counted = 0;
      print(`${what}.`);
    },
    count(done, total) {
      if (isWorthALine(counted, done, total)) {
        print(`${progressText(what, done, total)}.`);
      }
      counted = done;
    },
    say: print,
    note: print,
    end: () => {},
  };
}
