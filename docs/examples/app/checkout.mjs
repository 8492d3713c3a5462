import * as Sentry from '@sentry/node-core/light';

// The SDK takes the DSN from SENTRY_DSN.
Sentry.init({ environment: 'production', release: 'shop@1.2.3' });

function charge(order) {
  throw new TypeError(`No card for order ${order}`);
}

charge(4711);
