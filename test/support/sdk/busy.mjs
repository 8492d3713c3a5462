import * as Sentry from '@sentry/node-core/light';

/** A script that fails many times, and goes on. */
const [, , dsn, errors] = process.argv;

Sentry.init({ dsn });
for (let error = 1; error <= Number(errors); error++) {
  Sentry.captureException(new Error(`Failure ${error}`));
  await Sentry.flush();
}
