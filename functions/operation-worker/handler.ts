import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { wireOperationWorker } from './deps.ts';
import { work } from './work.ts';

const deps = wireOperationWorker();

/**
 * Works on operations over many issues, page by page, and builds plans of many; what is left of
 * them is passed on.
 */
export const handler = busConsumer(deps, 'operation-worker', (event, context) =>
  work(deps, event, () => context.getRemainingTimeInMillis()),
);
