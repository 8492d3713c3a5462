import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { PATIENCE_MS } from './patience.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** Starts the Chromium of this machine. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: installedBrowser(),
    // Chromium has no sandbox for root, as whom CI runs; it sees nothing but the stack's own page.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** @throws Error that says how to get one */
function installedBrowser(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      if (isExecutable(path)) {
        return path;
      }
    }
  }
  throw new Error(
    `No ${names.join(', ')} is on the PATH. On Debian: apt-get install --no-install-recommends chromium`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type OpenedPage = {
  readonly page: Page;
  /** What the browser complained about, and what it asked of anybody else but the stack. */
  readonly complaints: string[];
  /**
   * The statuses that the test has the API refuse with: the browser tells of each in its console,
   * at a time of its own.
   */
  readonly refusedWith: Set<number>;
};

/** Opens a view of the stack's page in a window that knows nothing of the ones before. */
export async function openPage(
  browser: Browser,
  hash = '',
  { colorScheme = 'light' }: { readonly colorScheme?: 'light' | 'dark' } = {},
): Promise<OpenedPage> {
  const url = inject('stackUrl');
  const context = await browser.newContext({
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) {
      complaints.push(`another origin: ${request.url()}`);
    }
  });
  await page.goto(`${url}/_local/${hash}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, complaints, refusedWith: new Set() };
}
