import { execFileSync } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { buildFunctions } from '../../infra/build.ts';
import { AWS_REPLACEMENTS, leanAwsClients } from '../../infra/lean-aws-clients.ts';
import { CACHE_COMMANDS, CACHE_REPLACEMENTS } from '../../infra/lean-cache-client.ts';
import { startCache } from '../../infra/local/driver/engines/cache.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const ofIoredis = createRequire(createRequire(import.meta.url).resolve('ioredis'));
const ALL_COMMANDS: string[] = Object.keys(ofIoredis('@ioredis/commands/built/commands.json'));

it('every command that the product sends is in the bundles', () => {
  const called = globSync('{shared,functions}/**/*.ts', { cwd: REPOSITORY }).flatMap((file) =>
    [
      ...readFileSync(join(REPOSITORY, file), 'utf8').matchAll(
        /\b(?:cluster|pipeline|node)\.(\w+)\(/g,
      ),
    ].map(([, name = '']) => name.toLowerCase()),
  );
  const commands = new Set(called.filter((name) => ALL_COMMANDS.includes(name)));
  expect([...commands]).toEqual(expect.arrayContaining(['del', 'mget', 'set']));
  expect([...commands].filter((name) => !CACHE_COMMANDS.includes(name))).toEqual([]);
});

it('every command that is kept is one of the client', () => {
  expect(CACHE_COMMANDS.filter((name) => !ALL_COMMANDS.includes(name))).toEqual([]);
});

it('a bundled client connects to the cache, sends commands and runs scripts', async () => {
  const cache = await startCache();
  onTestFinished(() => cache.stop());
  const root = mkdtempSync(join(tmpdir(), 'baton-lean-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'functions', 'cached'), { recursive: true });
  writeFileSync(
    join(root, 'functions', 'cached', 'handler.ts'),
    `import { createCacheClient } from ${JSON.stringify(join(REPOSITORY, 'shared/cache/client.ts'))};
     import { createScript } from ${JSON.stringify(join(REPOSITORY, 'shared/cache/script.ts'))};
     const script = createScript('sumOfTest', 'return tonumber(ARGV[1]) + redis.call("STRLEN", KEYS[1])');
     export async function handler() {
       const client = createCacheClient({ host: ${JSON.stringify(cache.host)}, port: ${cache.port}, auth: { kind: 'none' } });
       const answers = await client.run(async (cluster) => {
         await cluster.set('{a}1', 'one');
         await cluster.set('{a}2', 'two');
         await cluster.del('{a}2');
         return [await cluster.mget('{a}1', '{a}2'), await script(cluster, ['{a}1'], [4])];
       });
       await client.close();
       return answers;
     }`,
  );
  const { directory } = await buildFunctions({ root, names: ['cached'] });
  const url = pathToFileURL(join(directory, 'cached', 'index.mjs')).href;
  const script = `import(${JSON.stringify(url)}).then(async (m) => console.log(JSON.stringify(await m.handler())))`;
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual([['one', null], 7]);
});

it('a bundled memory of endpoints answers as that of the package does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-lean-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const contents = `export { EndpointCache } from '@aws-sdk/endpoint-cache';`;
  const bundled = await build({
    stdin: { contents, resolveDir: REPOSITORY },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    plugins: [leanAwsClients],
  });
  const file = join(folder, 'bundle.mjs');
  const text = bundled.outputFiles[0]?.text ?? '';
  writeFileSync(file, text);
  expect(text).not.toContain('splayOnTop');
  expect(readFileSync(join(REPOSITORY, 'node_modules/mnemonist/lru-cache.js'), 'utf8')).toContain(
    'splayOnTop',
  );

  const { EndpointCache } = await import(pathToFileURL(file).href);
  const cache = new EndpointCache(10);
  expect(cache.getEndpoint('table')).toBeUndefined();
  cache.set('table', [{ Address: 'one.example', CachePeriodInMinutes: 1 }]);
  expect(cache.has('table')).toBe(true);
  expect(cache.getEndpoint('table')).toBe('one.example');
  cache.delete('table');
  expect(cache.has('table')).toBe(false);
  cache.set('gone', [{ Address: 'two.example', CachePeriodInMinutes: 0 }]);
  expect(cache.getEndpoint('gone')).toBeUndefined();
  cache.clear();
  expect(cache.has('gone')).toBe(false);
});

it('every module that is replaced is one that bundles would hold', async () => {
  await buildFunctions({ root: REPOSITORY });
  const { inputs } = JSON.parse(readFileSync(join(REPOSITORY, '.build', 'meta.json'), 'utf8'));
  const held = Object.keys(inputs);
  const replaced = [...AWS_REPLACEMENTS, ...CACHE_REPLACEMENTS].map(({ file }) => file);
  expect(replaced.filter((file) => !held.some((path) => file.test(path)))).toEqual([]);
});

it('no service that functions call answers with a stream of events', () => {
  const product = globSync('{shared,functions}/**/*.ts', { cwd: REPOSITORY });
  const imported = product.flatMap((file) => [
    ...readFileSync(join(REPOSITORY, file), 'utf8').matchAll(/'(@aws-sdk\/client-[\w-]+)'/g),
  ]);
  const clients = [...new Set(imported.map(([, name = '']) => name))].sort();
  expect(clients).toContain('@aws-sdk/client-dynamodb');
  const folders = clients.map((name) => join(REPOSITORY, 'node_modules', name, 'dist-es'));
  const streaming = folders.flatMap((cwd) =>
    globSync('**/*.js', { cwd }).filter((file) =>
      /eventStreamSerde|event-streams/.test(readFileSync(join(cwd, file), 'utf8')),
    ),
  );
  expect(streaming).toEqual([]);
});
