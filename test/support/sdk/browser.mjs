import * as Sentry from '@sentry/browser';

/** What a page does with the DSN of a project; it is bundled as pages are. */
Sentry.init({ dsn: globalThis.DSN, environment: 'staging' });
Sentry.setUser({ email: 'someone@example.com' });

function openCart() {
  throw new RangeError(`No cart for order ${globalThis.ORDER}`);
}

openCart();
