import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder = new URL('../../../docs/pictures/', import.meta.url);

/**
 * Takes the picture of a page that the README shows. It is written with BATON_PICTURES=write alone,
 * so that the tests leave the checkout as it was.
 *
 * @returns its bytes
 */
export async function takePicture(page: Page, name: string): Promise<Buffer> {
  const picture = await page.screenshot();
  if (process.env.BATON_PICTURES === 'write') {
    const path = fileURLToPath(new URL(`${name}.png`, folder));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, picture);
  }
  return picture;
}

/** The most bytes of a picture, so that a README with two of them opens quickly. */
export const LARGEST_PICTURE = 200_000;
