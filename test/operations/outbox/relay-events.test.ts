import { describe, expect, it } from 'vitest';
import {
  lagSeconds,
  type OutgoingEvent,
  relayEvents,
} from '../../../shared/operations/outbox/relay-events.ts';
import { surroundings } from '../../support/operations.ts';

const event = (n: number): OutgoingEvent => ({ type: 'issue.assigned', detail: `{"n":${n}}` });
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n));

/** A bus that refuses what `isRefused` says, and the calls that it got. */
function busThat(isRefused: (event: OutgoingEvent) => boolean) {
  const calls: OutgoingEvent[][] = [];
  const around = surroundings();
  const putEvents = async (page: readonly OutgoingEvent[]) => {
    calls.push([...page]);
    return page.map((one) => (isRefused(one) ? 'InternalFailure' : null));
  };
  return {
    calls,
    telemetry: around.telemetry,
    relay: (records: readonly (OutgoingEvent | null)[]) =>
      relayEvents({ ...around, putEvents }, records),
  };
}

describe('records of the outbox', () => {
  it('are put on the bus in order, ten a call', async () => {
    const { relay, calls } = busThat(() => false);
    expect(await relay(events(23))).toBe(23);
    expect(calls.map((page) => page.length)).toEqual([10, 10, 3]);
    expect(calls.flat()).toEqual(events(23));
  });

  it('come again from the first that the bus refuses', async () => {
    const { relay } = busThat(({ detail }) => detail === '{"n":12}');
    expect(await relay(events(23))).toBe(12);
  });

  it('that are no events are counted and passed over, and hold up nobody', async () => {
    const { relay, calls, telemetry } = busThat(() => false);
    const records = [null, ...events(12), null, event(12), null];
    expect(await relay(records)).toBe(records.length);
    expect(calls.flat()).toEqual(events(13));
    expect(telemetry.counts).toEqual([{ name: 'outbox.unreadable', dimensions: {}, value: 3 }]);
  });

  it('that are no events do not shift the place of one that is refused', async () => {
    const { relay } = busThat(({ detail }) => detail === '{"n":1}');
    expect(await relay([null, event(0), null, event(1), event(2)])).toBe(3);
  });

  it('that are no events at all ask nothing of the bus', async () => {
    const { relay, calls } = busThat(() => false);
    expect(await relay([null, null])).toBe(2);
    expect(calls).toEqual([]);
  });
});

it.each([
  ['nothing for a batch that says no time', undefined, 0],
  ['nothing for what the stream always takes', 995, 0],
  ['the seconds of an event that was late', 940, 60],
  ['nothing for a time of which our clock knows nothing yet', 1_002, 0],
])('the lag of the outbox is %s', (_, committedAtSeconds, expected) => {
  expect(lagSeconds(committedAtSeconds, 1_000_400)).toBe(expected);
});
