import { compileGlob } from '../glob.ts';
import { isSpent, type Meter, type Pattern, type PreparedValue } from '../pattern.ts';

/** One component of a pattern, between two slashes. */
type Component = (value: string, meter: Meter) => boolean;

/**
 * A pattern by components. `runs` are what is between two `**`; the first is anchored at the
 * start of the value. `rest` components at least, or with `endsThere` none at all, must follow the
 * last run.
 */
type Layout = {
  readonly optionalSlash: boolean;
  readonly runs: readonly (readonly Component[])[];
  readonly rest: number;
  readonly endsThere: boolean;
};

const never: Pattern<readonly string[]> = { literals: [], matches: () => false };

/**
 * Compiles a CODEOWNERS pattern. It is compared component by component, case-sensitively:
 * - with a slash anywhere but at its end it is anchored at the start of the value, otherwise any
 *   component may match;
 *   a leading slash is optional in the value;
 * - it matches whatever is below what it names, a directory (`docs/`) only what is below it,
 *   `dir/*` only what lies
 *   directly in the directory;
 * - `*` and `?` stay within a component; `**` as a whole component is any number of components, at
 *   the end at least
 *   one, which may be empty; the empty text before a leading slash of the value is a component too;
 * - a pattern that begins with a backslash matches a component that ends in one.
 *
 * Each run between two `**` is taken where it first matches, so nothing is tried twice.
 */
export function compileCodeowners(pattern: string): Pattern<readonly string[]> {
  if (pattern === '') {
    return never;
  }
  if (pattern.startsWith('\\')) {
    return { literals: ['\\/'], matches: endsInBackslash };
  }
  const { texts, ...shape } = split(pattern);
  const layout: Layout = { ...shape, runs: texts.map((run) => run.map(toComponent)) };
  return {
    literals: texts
      .filter((run) => run.length > 0)
      .flatMap((run) => `/${run.join('/')}/`.split(/[*?]+/)),
    matches(value, meter) {
      if (matchesFrom(layout, value, 0, meter)) {
        return true;
      }
      return layout.optionalSlash && startsWithSlash(value) && matchesFrom(layout, value, 1, meter);
    },
  };
}

/**
 * A value as CODEOWNERS patterns read it: its components, with an empty one before a leading slash.
 */
export function codeownersValue(value: string): PreparedValue<readonly string[]> {
  return { value: value.split('/'), indexed: `/${value}/` };
}

function split(pattern: string) {
  const isDirectory = pattern.endsWith('/');
  const endsThere = pattern.length > 1 && pattern.endsWith('/*');
  const body = isDirectory ? pattern.slice(0, -1) : pattern;
  const slash = pattern.indexOf('/');
  const isAnchored = slash >= 0 && slash < pattern.length - 1;
  const optionalSlash = isAnchored && slash === 0;
  const components = (optionalSlash ? body.slice(1) : body).split('/');
  const endsOpen = components.at(-1) === '**';
  return {
    texts: runsOf(isAnchored || components[0] === '**' ? components : ['**', ...components]),
    optionalSlash,
    endsThere,
    rest: Number(isDirectory) + Number(endsOpen),
  };
}

/** The runs of components between two `**`. */
function runsOf(components: readonly string[]): string[][] {
  const runs: string[][] = [[]];
  for (const component of components) {
    if (component === '**') {
      runs.push([]);
    } else {
      runs.at(-1)?.push(component);
    }
  }
  return runs;
}

function toComponent(text: string): Component {
  if (!/[*?]/.test(text)) {
    return (value, meter) => {
      meter.steps += value.length === text.length ? text.length + 1 : 1;
      return value === text;
    };
  }
  return compileGlob(text).matches;
}

function matchesFrom(
  { runs, rest, endsThere }: Layout,
  value: readonly string[],
  start: number,
  meter: Meter,
): boolean {
  const first = runs[0] ?? [];
  if (!runMatches(first, value, start, meter)) {
    return false;
  }
  let at = start + first.length;
  const last = runs.length - 1;
  for (let index = 1; index <= last; index += 1) {
    const run = runs[index] ?? [];
    if (endsThere && index === last) {
      at = Math.max(at, value.length - run.length);
    }
    const from = firstOccurrence(run, value, at, meter);
    if (from < 0) {
      return false;
    }
    at = from + run.length;
  }
  return endsThere ? at === value.length : value.length - at >= rest;
}

function firstOccurrence(
  run: readonly Component[],
  value: readonly string[],
  start: number,
  meter: Meter,
): number {
  for (let at = start; at + run.length <= value.length && !isSpent(meter); at += 1) {
    if (runMatches(run, value, at, meter)) {
      return at;
    }
  }
  return -1;
}

function runMatches(
  run: readonly Component[],
  value: readonly string[],
  at: number,
  meter: Meter,
): boolean {
  if (at + run.length > value.length) {
    return false;
  }
  return run.every((component, index) => component(value[at + index] ?? '', meter));
}

function endsInBackslash(value: readonly string[], meter: Meter): boolean {
  return value.some((component) => {
    meter.steps += 1;
    return component.endsWith('\\');
  });
}

function startsWithSlash(value: readonly string[]): boolean {
  return value.length > 1 && value[0] === '';
}
