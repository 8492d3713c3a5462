import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/product-source.ts';

/**
 * Who calls a function that was passed to it gives it what it likes: `map` gives the index as a
 * second argument. A function with an optional second parameter takes that for its own, and the
 * compiler says nothing where the types happen to fit. Such a function is called by another one,
 * which says what it gets: `map((one) => f(one))`.
 */

type Source = ReadonlyMap<string, string>;

/** Functions and methods by name, with an optional parameter behind the first one. */
type Optional = { readonly functions: ReadonlySet<string>; readonly methods: ReadonlySet<string> };

const declared =
  /^(?:export )?(?:async )?function (\w+)(?:<[^()]*>)?\(|^ +(?:async )?(\w+)(?:<[^()]*>)?\(/gm;
const notMethods = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'await']);

/** The product without its comments, by path. */
function productSource(): Source {
  const paths = ['shared', 'functions', 'infra'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return new Map(
    paths.map((path) => [path, withoutComments(readFileSync(join(repository, path), 'utf8'))]),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
}

function optionalIn(source: Source): Optional {
  const functions = new Set<string>();
  const methods = new Set<string>();
  for (const [path, text] of source) {
    for (const match of text.matchAll(declared)) {
      const [whole, name, method = ''] = match;
      const { parts, end } = listAt(text, match.index + whole.length - 1);
      if (!parts.slice(1).some(isOptional)) {
        continue;
      }
      if (name !== undefined) {
        functions.add(`${path} ${name}`);
      } else if (!notMethods.has(method) && /^(?::[^;=]*)?\s*\{/.test(text.slice(end + 1))) {
        methods.add(method);
      }
    }
  }
  return { functions, methods };
}

/** `name?: T` and `name = value`, also of what is taken apart. */
function isOptional(parameter: string): boolean {
  return /^\s*\w+\?/.test(parameter) || /[^=!<>]=[^=>]/.test(outermost(parameter));
}

function outermost(text: string): string {
  let left = text;
  for (let before = ''; before !== left; ) {
    before = left;
    left = left.replace(/[({[][^(){}[\]]*[)}\]]/g, '');
  }
  return left;
}

/** What stands between the bracket at `open` and the one that closes it, cut at its commas. */
function listAt(text: string, open: number): { parts: string[]; end: number } {
  const parts = [''];
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) {
      depth++;
    } else if (')]}'.includes(char)) {
      depth--;
    }
    if (depth === 0) {
      return { parts, end: at };
    }
    if (depth === 1 && char === ',') {
      parts.push('');
    } else if (at > open) {
      parts[parts.length - 1] += char;
    }
  }
  return { parts, end: text.length };
}

/** The functions that a file knows by name: its own, and those that it imports. */
function knownIn(path: string, text: string, { functions }: Optional): Set<string> {
  const own = [...functions].flatMap((one) =>
    one.startsWith(`${path} `) ? [one.slice(path.length + 1)] : [],
  );
  const imported = [...text.matchAll(/import (?!type)\{([^}]*)\} from '(\.[^']+)'/g)].flatMap(
    ([, names = '', from = '']) => {
      const target = join(path, '..', from);
      return names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => functions.has(`${target} ${name}`));
    },
  );
  return new Set([...own, ...imported]);
}

/** Where a file passes such a function on instead of calling it. */
function passedIn(path: string, text: string, optional: Optional): string[] {
  const known = knownIn(path, text, optional);
  const calls = [...text.matchAll(/(?<!function )\b(\w+)(?:<[^()]*>)?\((?!\))/g)];
  return calls.flatMap((call) => {
    const { parts, end } = listAt(text, call.index + call[0].length - 1);
    const isDeclaration = /^\s*(?::[^;=(]*)?(?:=>|\{)/.test(text.slice(end + 1));
    return parts
      .map((part) => part.trim())
      .filter((part) => !isDeclaration && isPassed(part, known, optional))
      .map((part) => `${path}: ${call[1]}(${part})`);
  });
}

function isPassed(argument: string, known: ReadonlySet<string>, { methods }: Optional): boolean {
  const method = /^(?:deps|stores)\.\w+\.(\w+)$/.exec(argument)?.[1];
  return known.has(argument) || (method !== undefined && methods.has(method));
}

function passed(source: Source): string[] {
  const optional = optionalIn(source);
  return [...source].flatMap(([path, text]) => passedIn(path, text, optional));
}

describe('a function with an optional parameter behind its first', () => {
  it('is called and not passed on', () => {
    const source = productSource();
    const optional = optionalIn(source);
    expect(optional.functions.size).toBeGreaterThan(30);
    expect(optional.methods.size).toBeGreaterThan(10);
    expect(passed(source)).toEqual([]);
  });

  it('is found wherever it is passed', () => {
    const source = new Map([
      [
        'shared/a.ts',
        [
          'export function write(group: Group, condition: Condition = {}): Write {',
          '}',
          'export function plain(group: Group): Write {',
          '}',
          'function cut(one: string, { at = 1 }: { at?: number } = {}) {',
          '}',
          'const all = texts.map(cut);',
          'const fine = texts.map((one) => cut(one));',
          'const also = cut(write(group), { at: 2 });',
        ].join('\n'),
      ],
      [
        'shared/b/c.ts',
        [
          "import { plain, write } from '../a.ts';",
          'return {',
          '  async read(key: Key, consistency?: Consistency): Promise<Row> {',
          '  },',
          '};',
          'await claimBy(write, groups, plain);',
          'await Promise.all(keys.map(deps.rows.read));',
          'const inner = keys.map((key) => deps.rows.read(key));',
        ].join('\n'),
      ],
      ['shared/d.ts', 'const write = (one: number) => one;\nnumbers.map(write);'],
    ]);
    expect(passed(source)).toEqual([
      'shared/a.ts: map(cut)',
      'shared/b/c.ts: claimBy(write)',
      'shared/b/c.ts: map(deps.rows.read)',
    ]);
  });
});
