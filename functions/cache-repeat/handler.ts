import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { repeatInvalidation } from '../../shared/operations/issues/repeat-invalidation.ts';
import { wireCache, wireClockAndIds, wireConsumer } from '../../shared/wiring.ts';

const deps = { ...wireCache(), ...wireClockAndIds(), ...wireConsumer() };

/** Does again, from the event, what a request did to the cache after its commit. */
export const handler = busConsumer(deps, 'cache-repeat', (event) =>
  repeatInvalidation(deps, event),
);
