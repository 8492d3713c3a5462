import * as Sentry from '@sentry/browser';

/** What a page does with the DSN of a project, in a process that has `fetch` but no window. */
const [, , dsn, order] = process.argv;

Sentry.init({ dsn, defaultIntegrations: false, environment: 'staging' });

function openCart() {
  throw new RangeError(`No cart for order ${order}`);
}

try {
  openCart();
} catch (error) {
  Sentry.captureException(error);
}
await Sentry.flush();
