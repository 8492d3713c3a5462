import { expect, it } from 'vitest';
import { lagSeconds } from '../../../shared/operations/outbox/relay-events.ts';

it.each([
  ['nothing for a batch that says no time', undefined, 0],
  ['nothing for what the stream always takes', 995, 0],
  ['the seconds of an event that was late', 940, 60],
  ['nothing for a time of which our clock knows nothing yet', 1_002, 0],
])('the lag of the outbox is %s', (_, committedAtSeconds, expected) => {
  expect(lagSeconds(committedAtSeconds, 1_000_400)).toBe(expected);
});
