import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFunctions } from '../../../infra/local/watch.ts';

let root: string;
const handlerOf = (name: string) => join(root, 'functions', name, 'handler.ts');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-watch-'));
  mkdirSync(join(root, 'shared'));
  for (const name of ['one', 'two']) {
    mkdirSync(join(root, 'functions', name), { recursive: true });
    writeFileSync(handlerOf(name), `export const handler = () => '${name}';`);
  }
});

afterEach(() => rmSync(root, { recursive: true }));

/** The next line that the watcher says, each of them once. */
function linesOf() {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  return {
    log: (line: string) => {
      const next = waiting.shift();
      if (next) {
        next(line);
      } else {
        lines.push(line);
      }
    },
    next: () =>
      new Promise<string>((resolve) => {
        const line = lines.shift();
        if (line === undefined) {
          waiting.push(resolve);
        } else {
          resolve(line);
        }
      }),
  };
}

it('reloads the functions whose code changes, says why a build failed, and goes on', async () => {
  const { log, next } = linesOf();
  const reloaded: [string, string][] = [];
  const watcher = watchFunctions({
    root,
    names: ['one', 'two'],
    reload: (name, folder) => void reloaded.push([name, readBundle(folder)]),
    log,
  });
  try {
    writeFileSync(join(root, 'shared', 'word.ts'), 'export const word = 1;');
    expect(await next()).toBe('Reloaded one, two.');

    writeFileSync(handlerOf('two'), `export const handler = () => 'another';`);
    expect(await next()).toBe('Reloaded two.');
    expect(reloaded.at(-1)).toEqual(['two', expect.stringContaining('another')]);

    writeFileSync(handlerOf('two'), 'export const handler = (');
    expect(await next()).toMatch(/^Not reloaded: .*functions\/two\/handler\.ts/s);

    writeFileSync(handlerOf('two'), `export const handler = () => 'mended';`);
    expect(await next()).toBe('Reloaded two.');
    expect(reloaded.at(-1)).toEqual(['two', expect.stringContaining('mended')]);
  } finally {
    await watcher.stop();
  }
});

function readBundle(folder: string): string {
  return readFileSync(join(folder, 'index.mjs'), 'utf8');
}
