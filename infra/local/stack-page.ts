import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { WorldSession } from '../world/load.ts';
import type { LocalPage } from './driver/services/local-api.ts';

/** Where the local stack shows what it does. */
const STACK_PAGE = '/_local';

/** With what the page, or a program, begins: who there is, and where the API is. */
export type LocalSession = WorldSession & { readonly baseUrl: string };

const FOLDER = join(import.meta.dirname, 'page');

/** Everything of the page comes from here, its styles and its scripts too, and nobody frames it. */
const headers = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  [STACK_PAGE]: { name: 'index.html', type: 'text/html; charset=utf-8' },
  [`${STACK_PAGE}/page.css`]: { name: 'page.css', type: 'text/css; charset=utf-8' },
  [`${STACK_PAGE}/icon.svg`]: { name: 'icon.svg', type: 'image/svg+xml' },
};

/**
 * The page of the stack, by the paths of its files. It is read and bundled when it is asked for,
 * which takes some 50 ms, so that a change of it shows after a reload.
 */
export function createStackPages(
  session: () => LocalSession,
): (path: string) => Promise<LocalPage | undefined> {
  return async (path) => {
    if (path === `${STACK_PAGE}/session`) {
      return { type: 'application/json', body: JSON.stringify(session()), headers };
    }
    if (path === `${STACK_PAGE}/page.js`) {
      return { type: 'text/javascript; charset=utf-8', body: await bundlePage(), headers };
    }
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    return file && { type: file.type, body: readFileSync(join(FOLDER, file.name)), headers };
  };
}

/** The script of the page, with its library in it. */
async function bundlePage(): Promise<Buffer> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ['main.tsx'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'inline',
    logLevel: 'silent',
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
