import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { leanTableClient } from '../../infra/lean-table-client.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

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
    plugins: [leanTableClient],
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
