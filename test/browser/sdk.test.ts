import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { apiOf } from '../support/api.ts';
import { launchBrowser } from './support/browser.ts';

/** A shop of somebody else, whose page has the SDK for browsers and a DSN, and throws. */

const api = apiOf(inject('stackUrl'));
let browser: Browser;
let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  browser = await launchBrowser();
  shop = await startShop();
});
afterAll(async () => {
  await browser?.close();
  shop?.stop();
});

/** A page on an origin of its own, with its script bundled as pages have it. */
async function startShop() {
  const [key] = (await api.get('/api/0/projects/acme/shop/keys/')).body;
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/sdk/browser.mjs', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, format: 'iife', platform: 'browser' },
    banner: { js: `globalThis.DSN = ${JSON.stringify(key.dsn.public)}; globalThis.ORDER = 4711;` },
  });
  const script = outputFiles[0]?.text;
  const server = createServer(({ url }, response) => {
    const isScript = url === '/assets/cart-BZ3kQ9xa.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<script src="/assets/cart-BZ3kQ9xa.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
}

it('an error in a page of another origin is an issue, and the page reads the answer', async () => {
  const page = await browser.newPage();
  const answered = page.waitForResponse((response) => response.url().includes('/envelope/'));
  await page.goto(`${shop.url}/cart?for=someone@example.com`);
  const answer = await answered;
  expect(answer.status()).toBe(200);
  expect(answer.headers()['access-control-allow-origin']).toBe(shop.url);
  await api.idle();
  const { body } = await api.get(
    '/api/0/organizations/acme/issues/?query=title:"RangeError: No cart*"',
  );
  expect(body).toEqual([
    expect.objectContaining({ title: 'RangeError: No cart for order 4711', count: '1' }),
  ]);
  const told = JSON.stringify(await api.events('group.seen'));
  expect(told).toContain(`${shop.url}/cart`);
  expect(told).not.toContain('someone@example.com');
});
