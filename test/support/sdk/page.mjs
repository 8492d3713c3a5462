import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

/** A browser's part: runs a script of a page, and tells the page of an error that nobody caught. */
const [, , dsn, order, bundle, page] = process.argv;
const scriptUrl = new URL(`/assets/${bundle.split('/').at(-1)}`, page).href;
const listener = { addEventListener() {}, removeEventListener() {} };
Object.assign(globalThis, {
  ...listener,
  window: globalThis,
  document: { ...listener, location: new URL(page), visibilityState: 'visible', referrer: '' },
  DSN: dsn,
  ORDER: order,
});

try {
  runInThisContext(readFileSync(bundle, 'utf8'), { filename: scriptUrl });
} catch (error) {
  globalThis.onerror(error.message, scriptUrl, 1, 1, error);
}
