import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<object>();

/**
 * Runs the work of one request of the API, so that what it may spend in all can be counted for it
 * alone.
 */
export function inRequest<T>(work: () => Promise<T>): Promise<T> {
  return scope.run({}, work);
}

/**
 * A name for the request that is being answered; undefined for the work of consumers and schedules.
 */
export function currentRequest(): object | undefined {
  return scope.getStore();
}
