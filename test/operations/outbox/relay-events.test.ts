import { describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import { lagSeconds, relayEvents } from '../../../shared/operations/outbox/relay-events.ts';
import { surroundings } from '../../support/operations.ts';

const event = (n: number): OutgoingEvent => ({ type: 'issue.assigned', detail: `{"n":${n}}` });
const events = (count: number) => Array.from({ length: count }, (_, n) => event(n));
/** As many records with one event each. */
const records = (count: number) => events(count).map((one) => [one]);

/** These events name no organization, of which the table would be asked. */
const webhookOrganizations = { withEndpoints: async () => new Set<string>() };

/** A bus that refuses what `isRefused` says, and the calls that it got. */
function busThat(isRefused: (event: OutgoingEvent) => boolean) {
  const calls: OutgoingEvent[][] = [];
  const around = surroundings();
  const putEvents = async (page: readonly OutgoingEvent[]) => {
    calls.push(page.map(({ type, detail }) => ({ type, detail })));
    return page.map((one) => (isRefused(one) ? 'InternalFailure' : null));
  };
  return {
    calls,
    telemetry: around.telemetry,
    relay: (from: readonly (readonly OutgoingEvent[] | null)[]) =>
      relayEvents({ ...around, putEvents, webhookOrganizations }, from),
  };
}

describe('records of the outbox', () => {
  it('are put on the bus ten events a call, whatever number each holds', async () => {
    const { relay, calls } = busThat(() => false);
    const [first, second, third, ...others] = events(23);
    const packed = [[first, second, third], others.slice(0, 1), others.slice(1)];
    expect(await relay(packed as OutgoingEvent[][])).toBe(3);
    expect(calls.map((page) => page.length)).toEqual([10, 10, 3]);
    expect(calls.flat()).toEqual(events(23));
  });

  it('are put by several calls at the same time', async () => {
    let open = 0;
    let most = 0;
    const putEvents = async (page: readonly OutgoingEvent[]) => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      return page.map(() => null);
    };
    const deps = { ...surroundings(), putEvents, webhookOrganizations };
    expect(await relayEvents(deps, records(200))).toBe(200);
    expect(most).toBe(10);
  });

  it('come again from the first that the bus refuses', async () => {
    const refused = new Set(['{"n":21}', '{"n":12}']);
    const { relay } = busThat(({ detail }) => refused.has(detail));
    expect(await relay(records(23))).toBe(12);
  });

  it('come again as a whole where the bus refuses one event of several', async () => {
    const { relay } = busThat(({ detail }) => detail === '{"n":3}');
    expect(await relay([[event(0)], [event(1), event(2), event(3)], [event(4)]])).toBe(1);
  });

  it('that hold no events are counted and passed over, and hold up nobody', async () => {
    const { relay, calls, telemetry } = busThat(() => false);
    const some = [null, ...records(12), null, [event(12)], null];
    expect(await relay(some)).toBe(some.length);
    expect(calls.flat()).toEqual(events(13));
    expect(telemetry.counts).toEqual([{ name: 'outbox.unreadable', dimensions: {}, value: 3 }]);
  });

  it('that hold no events do not shift the place of one that is refused', async () => {
    const { relay } = busThat(({ detail }) => detail === '{"n":1}');
    expect(await relay([null, [event(0)], null, [event(1)], [event(2)]])).toBe(3);
  });

  it('that hold no events at all ask nothing of the bus', async () => {
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
