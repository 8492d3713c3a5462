import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser, type OpenedPage, openPage } from './browser.ts';

/**
 * A browser for the tests of a file. What a test opens is closed after it, and the test fails where
 * the browser has complained.
 */
export function useBrowser() {
  let browser: Browser;
  let opened: OpenedPage[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const pages = opened;
    opened = [];
    await Promise.all(pages.map(({ page }) => page.context().close()));
    expect(pages.flatMap(unexpected)).toEqual([]);
  });

  return {
    async open(...view: Parameters<typeof openPage> extends [Browser, ...infer V] ? V : never) {
      const one = await openPage(browser, ...view);
      opened.push(one);
      return one;
    },
  };
}

function unexpected({ complaints, refusedWith }: OpenedPage): string[] {
  const expected = [...refusedWith].map((status) => `responded with a status of ${status} `);
  return complaints.filter((one) => !expected.some((told) => one.includes(told)));
}
