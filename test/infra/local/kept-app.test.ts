import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptApp } from '../../../infra/local/kept-app.ts';

const context = { stage: 'local', rateLimits: 'off' };
const SOURCE = 'shared/domain/rule.ts';
const AN_HOUR_AGO_S = Date.now() / 1_000 - 3_600;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-kept-'));
  write(SOURCE, 'old');
  write('package.json', '{}');
  write('made/manifest.json', '{}');
  write('made/asset.1/index.mjs', 'code');
});
afterEach(() => rmSync(root, { recursive: true }));

/** A file that was changed an hour ago, before any app was made. */
function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), AN_HOUR_AGO_S, AN_HOUR_AGO_S);
}

const keep = (about = context, startedMs = Date.now()) =>
  keptApp(root, about).keep(join(root, 'made'), startedMs);

const copyTo = (name: string, about = context) => keptApp(root, about).copyTo(join(root, name));

describe('an app that was kept', () => {
  it('is copied while nothing has changed, again and again', async () => {
    expect(await copyTo('first')).toBe(false);
    expect(existsSync(join(root, 'first'))).toBe(false);
    await keep();
    for (const name of ['second', 'third']) {
      expect(await copyTo(name)).toBe(true);
      expect(readFileSync(join(root, name, 'asset.1/index.mjs'), 'utf8')).toBe('code');
    }
  });

  it('is replaced whole by the next one', async () => {
    await keep();
    rmSync(join(root, 'made/asset.1'), { recursive: true });
    write('made/asset.2/index.mjs', 'more');
    await keep();
    expect(await copyTo('copy')).toBe(true);
    expect(readdirSync(join(root, 'copy')).sort()).toEqual(['asset.2', 'manifest.json']);
  });

  it('is none or whole where several processes replace it at the same time', async () => {
    const script = `
      const { keptApp } = await import(process.argv[1]);
      const [, , root, context] = process.argv;
      for (let time = 0; time < 20; time += 1) {
        await keptApp(root, JSON.parse(context)).keep(root + '/made', Date.now());
      }`;
    const file = fileURLToPath(new URL('../../../infra/local/kept-app.ts', import.meta.url));
    const args = ['--input-type=module', '--eval', script, file, root, JSON.stringify(context)];
    const codes = [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      return (await once(child, 'exit'))[0];
    });
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    await keep();
    expect(await copyTo('copy')).toBe(true);
    expect(readFileSync(join(root, 'copy/asset.1/index.mjs'), 'utf8')).toBe('code');
  });

  it('is that of its context', async () => {
    await keep();
    expect(await copyTo('copy', { ...context, rateLimits: 'on' })).toBe(false);
  });

  it('is none where a source was changed while it was made', async () => {
    await keep(context, (AN_HOUR_AGO_S - 1) * 1_000);
    expect(await copyTo('copy')).toBe(false);
  });

  const keptFile = (name: string) => {
    const [app = ''] = readdirSync(join(root, '.baton/apps')).filter((one) => !/\.json$/.test(one));
    return join(root, '.baton/apps', app, name);
  };

  it.each<[string, () => void]>([
    ['a source has changed', () => write(SOURCE, 'changed')],
    ['a source is gone', () => rmSync(join(root, SOURCE))],
    ['a source is new', () => write('functions/new/handler.ts', '')],
    ['the packages have changed', () => write('package.json', '{ }')],
    ['a part of it is gone', () => rmSync(keptFile('manifest.json'))],
    ['a part of it has changed', () => writeFileSync(keptFile('asset.1/index.mjs'), 'other')],
  ])('is none where %s', async (_, change) => {
    await keep();
    expect(await copyTo('before')).toBe(true);
    change();
    expect(await copyTo('after')).toBe(false);
  });
});
