import * as Sentry from '@sentry/node-core/light';

/** A script of somebody who has pasted the DSN of a project: it throws. */
const [, , dsn, order] = process.argv;

Sentry.init({ dsn, release: 'shop@1.2.3', environment: 'production' });
Sentry.setUser({ id: '7', email: 'someone@example.com' });
Sentry.setTag('region', 'eu');

function checkout() {
  throw new TypeError(`No card for order ${order}`);
}

checkout();
