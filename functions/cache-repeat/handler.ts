import { busConsumer } from '../../shared/messages/consumer.ts';
import { repeatInvalidation } from '../../shared/operations/issues/repeat-invalidation.ts';
import { wireCache, wireChance, wireTelemetry } from '../../shared/wiring.ts';

const { log } = wireTelemetry();
const deps = { ...wireCache(), ...wireChance(), log };

/** Does again, from the event, what a request did to the cache after its commit. */
export const handler = busConsumer((event) => repeatInvalidation(deps, event), log);
