import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/product-source.ts';

/**
 * What a module exports, somebody imports, and the product needs: code that only its tests use is
 * dead. Benchmarks and scripts count as users, tests do not.
 */

type Source = { readonly path: string; readonly text: string };

const sources = globSync('{shared,functions,infra,test}/**/*.{ts,tsx,mjs}', { cwd: repository })
  .map((path) => path.split(sep).join('/'))
  .toSorted()
  .map((path): Source => ({ path, text: readFileSync(join(repository, path), 'utf8') }));

/** Modules that something else than an import loads: Lambda; and tests. */
const loadedByPath = (path: string) => /^functions\/[a-z-]+\/handler\.ts$|^test\//.test(path);

const isTest = (path: string) => path.startsWith('test/') && !path.startsWith('test/bench/');

/** `import { a, type B as C } from './x.ts'`, and the same with `export`. */
const namedImports = /\b(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'(\.[^']+)'/g;
/** `import * as x from './x.ts'`, `import('./x.ts')`: all of it is taken. */
const wholeImports = /\bimport\s+\*\s+as\s+\w+\s+from\s+'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/g;

/** Types are exported with what has them in its signature, whether somebody names them or not. */
function exportsOf({ path, text }: Source) {
  const declared = /^export (?:async )?(function\*?|const|type|class) (\w+)/gm;
  return [...text.matchAll(declared)].map(([, kind, name = '']) => ({
    path,
    name,
    isType: kind === 'type',
  }));
}

/** `path#name` of all that is imported, `path#*` where all of a module is. */
function importsOf(files: readonly Source[]): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ path, text }) => {
      const target = (specifier: string) => join(dirname(path), specifier).split(sep).join('/');
      const named = [...text.matchAll(namedImports)].flatMap(([, names = '', from = '']) =>
        names
          .split(',')
          .map((one) => one.trim().replace(/^type\s+/, ''))
          .filter((one) => one !== '')
          .map((one) => `${target(from)}#${one.split(/\s+as\s+/)[0]}`),
      );
      const whole = [...text.matchAll(wholeImports)].map(
        ([, from, dynamic]) => `${target(from ?? dynamic ?? '')}#*`,
      );
      return [...named, ...whole];
    }),
  );
}

function unimported(files: readonly Source[], importers: readonly Source[]) {
  const imported = importsOf(importers);
  return files
    .filter(({ path }) => !loadedByPath(path) && !imported.has(`${path}#*`))
    .flatMap(exportsOf)
    .filter(({ path, name }) => !imported.has(`${path}#${name}`));
}

const spelled = ({ path, name }: { readonly path: string; readonly name: string }) =>
  `${path}#${name}`;

/** Exports of the product that no file of the product needs, not even their own. */
function unneeded(files: readonly Source[]): string[] {
  const textOf = new Map(files.map(({ path, text }) => [path, text]));
  return unimported(
    files,
    files.filter(({ path }) => !isTest(path)),
  )
    .filter(({ path, name }) => {
      const code = (textOf.get(path) ?? '').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      return [...code.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2;
    })
    .map(spelled);
}

describe('an export', () => {
  it('is imported by another file', () => {
    expect(sources.flatMap(exportsOf).length).toBeGreaterThan(1000);
    const values = unimported(sources, sources).filter(({ isType }) => !isType);
    expect(values.map(spelled)).toEqual([]);
  });

  it('is needed by more than its tests', () => {
    expect(unneeded(sources)).toEqual([]);
  });
});

describe('how this test reads modules', () => {
  const a = { path: 'shared/a.ts', text: 'export const one = 1;\nexport type Two = typeof one;' };
  const user = (path: string, text: string) => ({ path, text });

  it.each([
    ['a name', "import { one, type Two as T } from './a.ts';", []],
    ['several lines', "import {\n  one,\n  type Two,\n} from './a.ts';", []],
    ['types', "import type { Two } from './a.ts';", ['shared/a.ts#one']],
    ['a re-export', "export { one } from './a.ts';", ['shared/a.ts#Two']],
    ['all of it', "import * as all from './a.ts';", []],
    ['on demand', "await import('./a.ts');", []],
    [
      'another module',
      "import { one, Two } from './b.ts';",
      ['shared/a.ts#one', 'shared/a.ts#Two'],
    ],
  ])('%s', (_, text, expected) => {
    expect(unimported([a], [user('shared/user.ts', text)]).map(spelled)).toEqual(expected);
  });

  it('and finds what only a test needs', () => {
    const test = user('test/a.test.ts', "import { one, type Two } from '../shared/a.ts';");
    expect(unneeded([a, test])).toEqual(['shared/a.ts#Two']);
  });
});
