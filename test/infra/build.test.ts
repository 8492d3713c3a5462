import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFunctions } from '../../infra/build.ts';
import { FUNCTION_NAMES } from '../../infra/functions.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-build-'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
});

afterEach(() => rmSync(root, { recursive: true }));

function writeHandler(name: string, source: string): void {
  mkdirSync(join(root, 'functions', name), { recursive: true });
  writeFileSync(join(root, 'functions', name, 'handler.ts'), source);
}

const bundle = (name: string) => join(root, '.build', name, 'index.mjs');

describe('a bundle', () => {
  it('runs as an ES module of this Node, with a CommonJS client inside', async () => {
    writeHandler(
      'reader',
      `import { createHash } from 'node:crypto';
       import { Cluster } from 'ioredis';
       export async function handler(): Promise<string> {
         new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true }).disconnect();
         return createHash('sha256').update('baton').digest('hex');
       }`,
    );
    await buildFunctions({ root, names: ['reader'] });
    const url = pathToFileURL(bundle('reader')).href;
    const output = execFileSync(
      process.execPath,
      ['-e', `import(${JSON.stringify(url)}).then(async (m) => console.log(await m.handler()))`],
      { encoding: 'utf8' },
    );
    expect(output.trim()).toBe('418c01e890606d2da936e53e1c58b165991c3c447a47b9428cb4d46829509233');
  });

  it('takes credentials from the environment, and holds no other way to find some', async () => {
    writeHandler(
      'client',
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
       export const handler = () => new DynamoDBClient({ region: 'local' }).config.credentials();`,
    );
    await buildFunctions({ root, names: ['client'] });
    const url = pathToFileURL(bundle('client')).href;
    const output = execFileSync(
      process.execPath,
      [
        '-e',
        `import(${JSON.stringify(url)}).then(async (m) => console.log((await m.handler()).accessKeyId))`,
      ],
      {
        encoding: 'utf8',
        env: { AWS_ACCESS_KEY_ID: 'of-lambda', AWS_SECRET_ACCESS_KEY: 'secret' },
      },
    );
    expect(output.trim()).toBe('of-lambda');
    expect(readFileSync(join(root, '.build', 'meta.json'), 'utf8')).not.toMatch(
      /credential-provider-(ini|sso)/,
    );
  });

  it('loads Node’s own modules without their ES module facade', async () => {
    writeHandler(
      'caller',
      `import { request } from 'node:http';
       import net from 'net';
       export const handler = async () => [typeof request, typeof net.connect];`,
    );
    await buildFunctions({ root, names: ['caller'] });
    const code = readFileSync(bundle('caller'), 'utf8');
    expect(code).toContain('process.getBuiltinModule("node:http")');
    expect(code).toContain('process.getBuiltinModule("node:net")');
    expect(code).not.toMatch(/from\s*["'](?:node:)?(?:http|net)["']/);
  });

  it('has a source map that names the sources and does not hold them', async () => {
    writeHandler('mapped', 'export const handler = async (event: { n: number }) => event.n + 1;');
    await buildFunctions({ root, names: ['mapped'] });
    expect(readFileSync(bundle('mapped'), 'utf8')).toContain('sourceMappingURL=index.mjs.map');
    const map = JSON.parse(readFileSync(`${bundle('mapped')}.map`, 'utf8'));
    expect(map.sources).toContain('../../functions/mapped/handler.ts');
    expect(map.sourcesContent).toBeUndefined();
  });

  describe('names sources in a stack trace', () => {
    const source = `const failure = (text: string) => new TypeError(text);
class Ledger {
  entries(): never {
    throw failure('no entries');
  }
}
export async function handler(): Promise<string> {
  const thrown = await Promise.resolve().then(() => new Ledger().entries()).catch((error) => error);
  return thrown.stack;
}`;

    async function tracedBy(change: (map: string) => void): Promise<string> {
      writeHandler('traced', source);
      await buildFunctions({ root, names: ['traced'] });
      change(`${bundle('traced')}.map`);
      const url = pathToFileURL(bundle('traced')).href;
      const script = `import(${JSON.stringify(url)}).then(async (m) => console.log(await m.handler()))`;
      return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
    }

    it('by file, line, column and function', async () => {
      const lines = (await tracedBy(() => {})).split('\n');
      expect(lines.slice(0, 3)).toEqual([
        'TypeError: no entries',
        '    at failure (functions/traced/handler.ts:1:35)',
        expect.stringMatching(/^ {4}at \w+\.entries \(functions\/traced\/handler\.ts:4:11\)$/),
      ]);
    });

    it.each([
      ['missing', (map: string) => rmSync(map)],
      ['damaged', (map: string) => writeFileSync(map, '{"version":3')],
    ])('and the bundle where the map is %s', async (_, change) => {
      expect(await tracedBy(change)).toMatch(
        /^TypeError: no entries\n {4}at .*\/\.build\/traced\/index\.mjs:\d+:\d+/,
      );
    });
  });
});

describe('a build', () => {
  const handler = 'export const handler = async () => 1;';

  it('names every function that has no handler', async () => {
    writeHandler('there', handler);
    await expect(buildFunctions({ root, names: ['there', 'here', 'gone'] })).rejects.toThrow(
      'No handler for here, gone: functions/here/handler.ts, functions/gone/handler.ts',
    );
    expect(existsSync(join(root, '.build'))).toBe(false);
  });

  it('reports the size of each bundle, on disk too', async () => {
    writeHandler('small', handler);
    writeHandler('large', `${handler} export const text = ${JSON.stringify('x'.repeat(5_000))};`);
    const { bytes, directory } = await buildFunctions({ root, names: ['small', 'large'] });
    expect(bytes).toEqual({
      small: statSync(bundle('small')).size,
      large: statSync(bundle('large')).size,
    });
    expect(bytes.large).toBeGreaterThan(5_000);
    expect(JSON.parse(readFileSync(join(directory, 'sizes.json'), 'utf8'))).toEqual(bytes);
  });

  it('leaves a file alone that would not change, for whoever reads it just now', async () => {
    writeHandler('same', handler);
    await buildFunctions({ root, names: ['same'] });
    const { ino } = statSync(bundle('same'));
    await buildFunctions({ root, names: ['same'] });
    expect(statSync(bundle('same')).ino).toBe(ino);
    writeHandler('same', 'export const handler = async () => 2;');
    await buildFunctions({ root, names: ['same'] });
    expect(statSync(bundle('same')).ino).not.toBe(ino);
  });

  it('takes a function that is gone out of the folder', async () => {
    writeHandler('kept', handler);
    writeHandler('dropped', handler);
    await buildFunctions({ root, names: ['kept', 'dropped'] });
    const { directory } = await buildFunctions({ root, names: ['kept'] });
    const left = readdirSync(directory).filter((name) => name !== 'stamp.json');
    expect(left.sort()).toEqual(['kept', 'meta.json', 'sizes.json']);
  });
});

describe('the functions of the product', () => {
  it('are those of the catalog: nothing undeployed, nothing missing', () => {
    const folders = readdirSync(join(REPOSITORY, 'functions'));
    expect(folders.sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it('stay under 600 KB each', async () => {
    const { bytes } = await buildFunctions({ root: REPOSITORY });
    expect(Object.keys(bytes).sort()).toEqual([...FUNCTION_NAMES].sort());
    for (const [name, size] of Object.entries(bytes)) {
      expect(size, name).toBeLessThan(600_000);
    }
  });
});

describe('a build of what has not changed', () => {
  const builtAt = () => statSync(join(root, '.build', 'meta.json')).mtimeMs;
  /** As if it had been written before the builds of this test. */
  function age(path: string): void {
    utimesSync(join(root, path), new Date('2026-01-01'), new Date('2026-01-01'));
  }

  it('bundles nothing, and says what the last one said', async () => {
    writeHandler('one', 'export const handler = () => 1;');
    age('functions/one/handler.ts');
    const first = await buildFunctions({ root, names: ['one'] });
    rmSync(join(root, '.build', 'meta.json'));
    expect(await buildFunctions({ root, names: ['one'] })).toEqual({ ...first, changed: [] });
    expect(existsSync(join(root, '.build', 'meta.json'))).toBe(false);
  });

  it.each<[string, () => void]>([
    ['a source', () => writeHandler('one', 'export const handler = () => 22;')],
    [
      'a source, to one of its size',
      () => {
        writeHandler('one', 'export const handler = () => 2;');
      },
    ],
    ['a bundle', () => writeFileSync(bundle('one'), 'export const handler = () => 3;')],
    ['a bundle that is gone', () => rmSync(bundle('one'))],
    ['the record of the last build', () => writeFileSync(join(root, '.build/stamp.json'), '{"a')],
  ])('is made again after a change of %s', async (_, change) => {
    writeHandler('one', 'export const handler = () => 1;');
    age('functions/one/handler.ts');
    await buildFunctions({ root, names: ['one'] });
    change();
    const before = builtAt();
    rmSync(join(root, '.build', 'meta.json'));
    await buildFunctions({ root, names: ['one'] });
    expect(builtAt()).toBeGreaterThanOrEqual(before);
    const expected = readFileSync(join(root, 'functions/one/handler.ts'), 'utf8').match(/\d+/)?.[0];
    expect(readFileSync(bundle('one'), 'utf8')).toMatch(new RegExp(`=>${expected}\\b`));
  });

  it('is not taken for one where a source changed while it was built', async () => {
    writeHandler('one', 'export const handler = () => 1;');
    utimesSync(
      join(root, 'functions/one/handler.ts'),
      new Date('2099-01-01'),
      new Date('2099-01-01'),
    );
    await buildFunctions({ root, names: ['one'] });
    expect(existsSync(join(root, '.build', 'stamp.json'))).toBe(false);
  });
});
