import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { cascade } from './cascade.ts';
import { wireProjectCascade } from './deps.ts';

const deps = wireProjectCascade();

/** One page, and the event that continues the work, may still need this when time runs out. */
const RESERVE_MS = 20_000;

/** Removes the rows of deleted projects and issues, and of issues merged into another, by pages. */
export const handler = busConsumer(deps, 'project-cascade', (event, context) =>
  cascade(deps, event, () => context.getRemainingTimeInMillis() > RESERVE_MS),
);
