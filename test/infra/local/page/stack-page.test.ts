import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../../infra/local/stack.ts';
import { startTestStack } from '../../../support/app.ts';

/** The page of the local stack, as it is served. */

let stack: RunningStack;
beforeAll(async () => {
  stack = await startTestStack({ cacheEngine: 'wasm' });
});
afterAll(() => stack?.stop());

const open = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(stack.url + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the page', () => {
  it('and all that it loads come from the stack, under a policy that lets nothing else in', async () => {
    const page = await open('/_local/');
    expect(page.status).toBe(200);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    expect(assets).toEqual(['/_local/icon.svg', '/_local/page.css', '/_local/page.js']);
    for (const path of ['/_local', ...assets]) {
      const { status, headers, text } = await open(path);
      expect(status, path).toBe(200);
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'self';/);
      expect(headers.get('cache-control')).toBe('no-store');
      const elsewhere = text.replaceAll('http://www.w3.org/', '').match(/https?:\/\/[^"'` ]*/g);
      expect(elsewhere, path).toBeNull();
    }
  });

  it('has no token in it: those are in its session, for pages of its own origin', async () => {
    expect((await open('/_local/page.js')).text).not.toContain('baton_local_');
    expect(JSON.parse((await open('/_local/session')).text)).toEqual({
      baseUrl: stack.url,
      organizations: [
        { slug: 'acme', name: 'Acme' },
        { slug: 'globex', name: 'Globex' },
      ],
      tokens: [
        { token: 'baton_local_alice', holder: 'Alice' },
        { token: 'baton_local_reader', holder: 'Carol' },
        { token: 'baton_local_robot', holder: null },
        { token: 'baton_local_dave', holder: 'Dave' },
      ],
    });
    const refused = await open('/_local/session', { origin: 'http://elsewhere.example' });
    expect([refused.status, refused.text.includes('baton_local_')]).toEqual([403, false]);
  });

  it('is all that is below its address', async () => {
    for (const path of ['/_local/main.tsx', '/_local/page/app.tsx', '/_local/toString']) {
      expect((await open(path)).status, path).toBe(404);
    }
  });
});
