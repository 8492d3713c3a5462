import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { arrows, type Room, rooms } from './rooms.ts';

/**
 * The house and its arrows: which room may import which. Every rule is held against the files as
 * they are, and fails when it finds no file to look at.
 */

const repository = fileURLToPath(new URL('../', import.meta.url));

type Import = {
  /** A path from the root of the repository, or the name of a package. */
  readonly target: string;
  /** `import type`: nothing of it is there at run time. */
  readonly typeOnly: boolean;
};

type SourceFile = {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
};

const sources = ['functions', 'shared', 'infra', 'test'].flatMap(filesBelow).map(readSource);
const product = sources.filter(({ path }) => !path.startsWith('test/'));
const inRoom = (room: Room) => product.filter(({ path }) => roomOf(path) === room);

describe('the arrows', () => {
  it.each(Object.keys(arrows) as Room[])('%s imports only what it may', (room) => {
    const files = inRoom(room);
    expect(files).not.toEqual([]);
    expect(files.flatMap((file) => forbiddenImports(file, room))).toEqual([]);
  });

  it('cover every file of the product', () => {
    expect(product.map(({ path }) => path).filter((path) => roomOf(path) === undefined)).toEqual(
      [],
    );
  });

  it('lead to files that are there', () => {
    const known = new Set(product.map(({ path }) => path));
    const modules = product.flatMap(({ imports }) =>
      imports.filter(({ target }) => isSource(target)),
    );
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.map(({ target }) => target).filter((target) => !known.has(target))).toEqual([]);
  });

  it('do not run in a circle, nor do those of types', () => {
    expect(circlesIn(sources)).toEqual([]);
  });
});

describe('folders', () => {
  it('hold at most 25 files', () => {
    const folders = Map.groupBy(sources, ({ path }) => dirname(path));
    expect(folders.size).toBeGreaterThan(80);
    const full = [...folders].filter(([, files]) => files.length > 25);
    expect(full.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  /**
   * Suites of a whole room: what they prove is proved of all that stand in it, found by the suite.
   */
  const suitesOfRooms = ['domain/sync/convergence'];

  it('of tests mirror the rooms: a test has the name of what it tests', () => {
    const mirrored = sources.flatMap(({ path }) => {
      const [, name] =
        /^test\/((?:cache|domain|http|messages|operations|secrets|stores|trackers)\/[^.]+)[^/]*\.test\.ts$/.exec(
          path,
        ) ?? [];
      return name === undefined ? [] : [{ path, name }];
    });
    expect(mirrored.length).toBeGreaterThan(80);
    const strays = mirrored.filter(
      ({ name }) =>
        !suitesOfRooms.includes(name) &&
        !existsSync(join(repository, 'shared', `${name}.ts`)) &&
        !existsSync(join(repository, 'shared', name)),
    );
    expect(strays.map(({ path }) => path)).toEqual([]);
  });
});

describe('one place for', () => {
  const running = product.filter(({ path }) => /^(functions|shared)\//.test(path));

  it.each<[string, RegExp, readonly string[]]>([
    ['the environment', /\bprocess\.env\b/, ['shared/config.ts']],
    ['AWS clients', /\bnew [A-Z]\w*Client\(/, ['shared/wiring.ts']],
    ["the table's client", /DocumentClient\.from\(/, ['shared/stores/document-client.ts']],
    ['Redis clients', /\bnew (?:\w+\.)?(?:Cluster|Redis)\(/, ['shared/cache/open-cluster.ts']],
    ['loggers and metrics', /(?<!function )\bcreate(?:Log|Count)\(/, ['shared/wiring.ts']],
    [
      "the cache's keys",
      /(?:assignee_exists|owner_exists|ownership_version|projectownership_project_id|projectcodeowners_project_id|issue_owner_assignment_ratelimiter)(?::1)?:/,
      ['shared/cache/keys.ts'],
    ],
    [
      'conditions of writes',
      /(?<!Key)ConditionExpression: *['`[]|attribute_(?:not_)?exists\(/,
      ['shared/stores/conditions.ts'],
    ],
    ['updates of rows', /\bUpdateExpression: /, ['shared/stores/updates.ts']],
    // All events of a transaction are one record: `recordEvents`.
    ['an event of several that is recorded by itself', /\.map\(recordEvent\)/, []],
    ['console output', /\bconsole\.\w+\(/, []],
    [
      'the scopes that the route table asks for',
      /\brequireScope\(/,
      ['shared/http/access.ts', 'shared/http/admission.ts'],
    ],
    [
      'the organization that a path names',
      /\brequireOrganization\(caller\b/,
      ['shared/http/read-request.ts'],
    ],
  ])('%s', (_, pattern, places) => {
    expect(running.length).toBeGreaterThan(20);
    const found = running.filter(({ text }) => pattern.test(withoutComments(text)));
    expect(found.map(({ path }) => path)).toEqual(places);
  });
});

describe("the table's keys", () => {
  const folder = 'shared/stores/keys/';
  const files = product.filter(({ path }) => path.startsWith(folder));

  it('are spelled in the files of keys, and nowhere else', () => {
    const spelled = product.filter(
      ({ path, text }) =>
        /^(functions|shared)\//.test(path) && /[`'][A-Z]+[#!]/.test(withoutComments(text)),
    );
    expect(spelled.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
  });

  it('of a noun are in the file of its name', () => {
    const nouns = files.map(({ path }) => path.slice(folder.length).replace(/-keys\.ts$/, ''));
    expect(nouns.length).toBeGreaterThan(10);
    const exported = files.map(({ text }) => [...text.matchAll(/^export const (\w+) = \{$/gm)]);
    expect(exported.map((names) => names.map(([, name]) => name))).toEqual(
      nouns.map((noun) => (noun === 'index' ? ['gsi3', 'gsi4', 'gsi2'] : [`${noun}Keys`])),
    );
  });
});

describe('tests bound steps and not seconds', () => {
  const tests = sources.filter(
    ({ path }) =>
      /^test\/.*\.ts$/.test(path) && !/^test\/(architecture|bench|redmine)\b/.test(path),
  );

  it.each<[string, RegExp]>([
    [
      'a limit of a test or of a wait that is no hang guard',
      /\btimeout: [\d_]+|^\}, [\d_]+\);$|^ +\}, [\d_]+\);$/m,
    ],
    ['work that has to be done in time', /\bnow\(\) - \w+\)\.toBeLess/],
    [
      'a wait that ends after a second by itself',
      /\bvi\.wait(?:For|Until)\((?![\s\S]{0,400}HANG_GUARD_MS)/,
    ],
  ])('without %s', (_, pattern) => {
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('size', () => {
  /** Lines that are not comments: what a file explains does not make it too long. */
  const lines = ({ text }: SourceFile) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => !isComment(line)).length;
  const longerThan = (limit: number, files: readonly SourceFile[]) =>
    files.filter((file) => lines(file) > limit).map((file) => `${file.path}: ${lines(file)}`);

  it('a function is a doorway: its handler has at most 20 lines of code', () => {
    const files = inRoom('functions');
    const handlers = files.filter(({ path }) => /^functions\/[a-z-]+\/handler\.ts$/.test(path));
    const folders = new Set(files.map(({ path }) => path.split('/')[1]));
    expect(handlers.length).toBeGreaterThan(0);
    expect(handlers).toHaveLength(folders.size);
    expect(longerThan(20, handlers)).toEqual([]);
  });

  it('a file has one subject: at most 320 lines of code, a test with its tables 450', () => {
    const tests = sources.filter(({ path }) => path.startsWith('test/'));
    expect(product.length).toBeGreaterThan(50);
    expect(tests.length).toBeGreaterThan(10);
    expect(longerThan(320, product)).toEqual([]);
    expect(longerThan(450, tests)).toEqual([]);
  });
});

describe('ids', () => {
  it('say in their types whose they are, so that two of them cannot be swapped', () => {
    const untyped =
      /\b((?:organization|project|group|primary|child|user|actingUser|team|integration|link|membership)Ids?\??: (?:readonly )?string\b)/;
    const found = sources.flatMap(({ path, text }) =>
      /^(shared|functions)\//.test(path)
        ? text.split('\n').flatMap((line, index) => {
            const [, declaration] = untyped.exec(line) ?? [];
            return declaration === undefined ? [] : [`${path}:${index + 1} ${declaration}`];
          })
        : [],
    );
    expect(found).toEqual([]);
  });
});

describe('prose', () => {
  it('is at most 100 columns wide', () => {
    const comments = sources.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (isComment(line) ? [{ at: `${path}:${index + 1}`, line }] : [])),
    );
    expect(comments.length).toBeGreaterThan(1000);
    expect(comments.filter(({ line }) => line.length > 100).map(({ at }) => at)).toEqual([]);
  });
});

describe('how this test reads imports', () => {
  it.each<[string, string, readonly Import[]]>([
    ['a module', "import { a } from './a.ts';", [{ target: 'shared/a.ts', typeOnly: false }]],
    ['a type', "import type { A } from '../b.ts';", [{ target: 'b.ts', typeOnly: true }]],
    [
      'a type among others, which still loads the module',
      "import { type A } from './a.ts';",
      [{ target: 'shared/a.ts', typeOnly: false }],
    ],
    [
      'several lines',
      "import {\n  a,\n  type B,\n} from 'ioredis';",
      [{ target: 'ioredis', typeOnly: false }],
    ],
    ['all of a module', "import * as v from 'valibot';", [{ target: 'valibot', typeOnly: false }]],
    ['an effect', "import './a.ts';", [{ target: 'shared/a.ts', typeOnly: false }]],
    ['a re-export', "export { a } from './a.ts';", [{ target: 'shared/a.ts', typeOnly: false }]],
    [
      'an import on demand',
      "await import('./a.ts');",
      [{ target: 'shared/a.ts', typeOnly: false }],
    ],
    ['no comment', "// import { a } from './a.ts';", []],
  ])('%s', (_, text, expected) => {
    expect(importsIn(text, 'shared/x.ts')).toEqual(expected);
  });

  it('and finds what is forbidden', () => {
    const text = "import { createTable } from '../stores/table.ts';\nimport Redis from 'ioredis';";
    const path = 'shared/operations/x.ts';
    const file = { path, text, imports: importsIn(text, path) };
    expect(forbiddenImports(file, 'operations')).toEqual([
      'shared/operations/x.ts -> shared/stores/table.ts',
      'shared/operations/x.ts -> ioredis',
    ]);
  });

  it.each(["import { a } from './a.ts';", "import type { A } from './a.ts';"])(
    'and finds the circle that is closed by %s',
    (text) => {
      const file = (path: string, of: string) => ({ path, text: of, imports: importsIn(of, path) });
      const files = [file('a.ts', "import { b } from './b.ts';"), file('b.ts', text)];
      expect(circlesIn(files)).toEqual(['a.ts -> b.ts -> a.ts']);
    },
  );
});

function forbiddenImports({ path, imports }: SourceFile, room: Room): string[] {
  const { modules, types, packages } = arrows[room];
  return imports
    .filter(({ target, typeOnly }) => {
      const there = roomOf(target);
      if (there !== undefined) {
        return !(there === room || modules.includes(there) || (typeOnly && types.includes(there)));
      }
      if (isSource(target)) {
        return true;
      }
      return packages !== 'any' && !packages.some((allowed) => target.startsWith(allowed));
    })
    .map(({ target }) => `${path} -> ${target}`);
}

/** Each circle of imports, those of types included, once, from the file where it was entered. */
function circlesIn(files: readonly SourceFile[]): string[] {
  const importsOf = new Map(
    files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]),
  );
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    const entered = trail.indexOf(path);
    if (entered >= 0) {
      circles.push([...trail.slice(entered), path].join(' -> '));
    }
    if (entered >= 0 || done.has(path)) {
      return;
    }
    for (const target of importsOf.get(path) ?? []) {
      walk(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of files) {
    walk(path, []);
  }
  return circles;
}

function roomOf(path: string): Room | undefined {
  const prefix = Object.keys(rooms).find((start) => path.startsWith(start));
  return prefix === undefined ? undefined : rooms[prefix as keyof typeof rooms];
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function isSource(name: string): boolean {
  return /\.tsx?$/.test(name);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(repository, path), 'utf8');
  return { path, text, imports: importsIn(text, path) };
}

function importsIn(text: string, path: string): Import[] {
  const names = String.raw`(?:\*(?:\s+as\s+\w+)?|\w+(?:\s*,\s*\{[^}]*\})?|\{[^}]*\})`;
  const statement = new RegExp(
    String.raw`^(?:import|export)\s+(type\s+)?${names}\s+from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'`,
    'gm',
  );
  return [...withoutComments(text).matchAll(statement)].map(([, type, from, effect, dynamic]) => ({
    target: resolve(from ?? effect ?? dynamic ?? '', path),
    typeOnly: type !== undefined,
  }));
}

function resolve(specifier: string, importer: string): string {
  if (!specifier.startsWith('.')) {
    return specifier;
  }
  return join(dirname(importer), specifier).split(sep).join('/');
}

/** A line that is nothing but a comment, or a part of one. */
function isComment(line: string): boolean {
  return /^\s*(?:\/\/|\/?\*)/.test(line);
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}
