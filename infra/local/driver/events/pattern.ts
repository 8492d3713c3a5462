import { refusal } from '../template/template.ts';

/**
 * Event patterns of EventBridge rules and event source mappings. A pattern is compiled once, and an
 * operator that is not supported is refused at that time.
 */

/** Whether an event matches. */
export type Matches = (event: unknown) => boolean;

/** Whether one value of the event matches; `undefined` for an absent field. */
type MatchesLeaf = (value: unknown) => boolean;

/**
 * Compiles a pattern.
 *
 * @param path the path of the pattern in the template, for errors
 * @throws Error for an operator or a shape that is not supported
 */
export function compilePattern(pattern: unknown, path: string): Matches {
  if (!isObject(pattern)) {
    throw refusal(path, 'a pattern is an object.');
  }
  return compileObject(pattern, path);
}

function compileObject(pattern: Record<string, unknown>, path: string): Matches {
  const fields = Object.entries(pattern).map(([key, expected]) => {
    const at = `${path}.${key}`;
    if (key === '$or') {
      return compileOr(expected, at);
    }
    if (Array.isArray(expected)) {
      return compileField(key, expected, at);
    }
    if (isObject(expected)) {
      return compileNested(key, expected, at);
    }
    throw refusal(at, 'a field of a pattern is a list of values, or an object.');
  });
  return (event) => fields.every((matches) => matches(event));
}

function compileOr(alternatives: unknown, path: string): Matches {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw refusal(path, '$or takes a list of at least two patterns.');
  }
  const compiled = alternatives.map((one, index) => compilePattern(one, `${path}[${index}]`));
  return (event) => compiled.some((matches) => matches(event));
}

function compileNested(key: string, pattern: Record<string, unknown>, path: string): Matches {
  const matches = compileObject(pattern, path);
  return (event) => {
    const value = fieldOf(event, key);
    return Array.isArray(value) ? value.some(matches) : matches(value);
  };
}

function compileField(key: string, expected: unknown[], path: string): Matches {
  if (expected.length === 0) {
    throw refusal(path, 'a list of values may not be empty.');
  }
  const leaves = expected.map((one, index) => compileLeaf(one, `${path}[${index}]`));
  return (event) => {
    const value = fieldOf(event, key);
    // A list in an event matches when one of its values matches.
    const values = Array.isArray(value) ? value : [value];
    // An empty list is treated as an absent field.
    return leaves.some((matches) =>
      values.length === 0 ? matches(undefined) : values.some(matches),
    );
  };
}

function compileLeaf(expected: unknown, path: string): MatchesLeaf {
  if (!isObject(expected)) {
    return exactly(expected, path);
  }
  const [operator = '', ...others] = Object.keys(expected);
  if (others.length > 0) {
    throw refusal(path, 'a value of a pattern has one operator.');
  }
  const compile = OPERATORS[operator];
  if (!compile) {
    throw refusal(path, `the operator ${operator} is not supported locally.`);
  }
  return compile(expected[operator], `${path}.${operator}`);
}

const OPERATORS: Record<string, (argument: unknown, path: string) => MatchesLeaf> = {
  prefix: (argument, path) => affix(argument, path, (value, text) => value.startsWith(text)),
  suffix: (argument, path) => affix(argument, path, (value, text) => value.endsWith(text)),
  'equals-ignore-case': (argument, path) => {
    const text = textOf(argument, path).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === text;
  },
  exists: (argument, path) => {
    if (typeof argument !== 'boolean') {
      throw refusal(path, 'exists takes true or false.');
    }
    // `exists` applies to leaves: an object does not exist in this sense.
    return (value) => (value !== undefined && !isObject(value)) === argument;
  },
  'anything-but': (argument, path) => {
    const refused = compileAnythingBut(argument, path);
    return (value) => value !== undefined && !isObject(value) && !refused(value);
  },
  numeric: compileNumeric,
};

function affix(
  argument: unknown,
  path: string,
  holds: (value: string, text: string) => boolean,
): MatchesLeaf {
  if (isObject(argument)) {
    const text = textOf(argument['equals-ignore-case'], path).toLowerCase();
    if (Object.keys(argument).length > 1) {
      throw refusal(path, 'must have exactly one operator.');
    }
    return (value) => typeof value === 'string' && holds(value.toLowerCase(), text);
  }
  const text = textOf(argument, path);
  return (value) => typeof value === 'string' && holds(value, text);
}

function compileAnythingBut(argument: unknown, path: string): MatchesLeaf {
  if (isObject(argument)) {
    const [operator = ''] = Object.keys(argument);
    if (!['prefix', 'suffix', 'equals-ignore-case'].includes(operator)) {
      throw refusal(path, `the operator ${operator} is not supported inside anything-but.`);
    }
    const inner = argument[operator];
    const list = Array.isArray(inner) ? inner : [inner];
    const leaves = list.map((one) => compileLeaf({ [operator]: one }, path));
    return (value) => leaves.some((matches) => matches(value));
  }
  const list = Array.isArray(argument) ? argument : [argument];
  const leaves = list.map((one, index) => exactly(one, `${path}[${index}]`));
  return (value) => leaves.some((matches) => matches(value));
}

const COMPARISONS: Record<string, (value: number, limit: number) => boolean> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function compileNumeric(argument: unknown, path: string): MatchesLeaf {
  const parts = Array.isArray(argument) ? argument : [];
  if (parts.length !== 2 && parts.length !== 4) {
    throw refusal(path, 'numeric takes one or two comparisons, each an operator and a number.');
  }
  const comparisons: ((value: number) => boolean)[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = COMPARISONS[String(parts[index])];
    const limit: unknown = parts[index + 1];
    if (!compare || typeof limit !== 'number') {
      throw refusal(path, `${JSON.stringify(parts)} is not a comparison with a number.`);
    }
    comparisons.push((value) => compare(value, limit));
  }
  return (value) => typeof value === 'number' && comparisons.every((holds) => holds(value));
}

function exactly(expected: unknown, path: string): MatchesLeaf {
  const isLeaf = expected === null || ['string', 'number', 'boolean'].includes(typeof expected);
  if (!isLeaf) {
    throw refusal(path, `${JSON.stringify(expected)} is not a value of a pattern.`);
  }
  return (value) => value === expected;
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') {
    return value;
  }
  throw refusal(path, `must be a string, not ${JSON.stringify(value)}.`);
}

function fieldOf(event: unknown, key: string): unknown {
  return isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
