import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/product-source.ts';

/**
 * Every object has a `toString` and a `constructor`: a table of texts that is an object answers for
 * them, `in` finds them, and a list that is collected under a name of somebody else's begins with
 * them. What is looked up by a text is a Map, and what an object has is asked by `Object.hasOwn`.
 */

/** Objects that are made where they are declared to have any text for a key. */
const tables = /\b(?:const|let) (\w+): (?:Readonly<|Partial<)*Record<string,[^=;]*>* = \{/g;
/** `in` behind a name: of a loop, `of` is the word; a key that is spelled out is the author's. */
const membership = /(?<!\bconst |\blet )\b(\w+) in (\w+)/g;

/** The code of a module: no comments, and no letters of its texts. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
}

function faultsIn(path: string, text: string): string[] {
  const code = codeOf(text);
  const types = /\[(\w+) in (?:keyof )?\w+/g;
  const inTypes = new Set([...code.matchAll(types)].map(([whole]) => whole.slice(1)));
  return [
    ...[...code.matchAll(tables)].map(([, name]) => `${path}: ${name}`),
    ...[...code.matchAll(membership)].flatMap(([whole]) =>
      [...inTypes].some((type) => type.startsWith(whole)) ? [] : [`${path}: ${whole}`],
    ),
  ];
}

function modules(): [path: string, text: string][] {
  return ['shared', 'functions', 'infra/admin', 'infra/world'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name): [string, string] => [
        `${folder}/${name}`,
        readFileSync(join(repository, folder, name), 'utf8'),
      ]),
  );
}

describe('what is looked up by a text', () => {
  it('is a Map, or is asked whether the object itself has it', () => {
    const all = modules();
    expect(all.length).toBeGreaterThan(300);
    expect(all.flatMap(([path, text]) => faultsIn(path, text))).toEqual([]);
  });

  it('is found where it is an object', () => {
    const text = [
      'const words: Readonly<Record<string, number>> = { one: 1 };',
      'const found: Record<string, string[]> = {};',
      'const fine: Readonly<Record<Kind, number>> = { a: 1 };',
      'const copied: Record<string, unknown> = JSON.parse(text);',
      '// if (name in words)',
      "throw new Error('is there in time');",
      "if ('delete' in update) {",
      'if (name in words) {',
      'type All = { [K in Name]: number };',
    ].join('\n');
    expect(faultsIn('a.ts', text)).toEqual(['a.ts: words', 'a.ts: found', 'a.ts: name in words']);
  });
});
