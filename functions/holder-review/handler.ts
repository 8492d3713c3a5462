import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { wireHolderReview } from './deps.ts';
import { review } from './review.ts';

const deps = wireHolderReview();
/** One page, and the event that continues the work, may still need this when time runs out. */
const RESERVE_MS = 30_000;

/** Finds open issues whose holder may not hold them, and does what the policy says. */
export const handler = busConsumer(deps, 'holder-review', (event, context) =>
  review(deps, event, () => context.getRemainingTimeInMillis() > RESERVE_MS),
);
