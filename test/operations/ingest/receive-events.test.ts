import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { newClientKey } from '../../../shared/domain/projects/client-key.ts';
import { receiveEvents } from '../../../shared/operations/ingest/receive-events.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import { firstClientKey } from '../../../shared/stores/projects/client-keys.ts';
import { wireIngestStores } from '../../../shared/wire-stores.ts';
import { project } from '../../support/builders.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const key = firstClientKey(project({ id: '31' })).id;

let world: TestWorld;
let sent: OutgoingEvent[];
let now: string;
let answerOfBus: (events: readonly OutgoingEvent[]) => Promise<(string | null)[]>;

beforeAll(async () => {
  world = await worldOnFreshTable(smallWorld);
});
beforeEach(() => {
  sent = [];
  now = '2026-11-29T12:00:30.000Z';
  answerOfBus = async (events) => {
    sent.push(...events);
    return events.map(() => null);
  };
});

function receive(
  events: readonly Readonly<Record<string, unknown>>[],
  named: { readonly projectId?: string; readonly publicKey?: string | undefined } = {},
) {
  const deps = {
    ...wireIngestStores(world.stores.table),
    putEvents: (all: readonly OutgoingEvent[]) => answerOfBus(all),
    clock: () => now,
    count: () => {},
    newKeyText: () => 'made up here',
    hashOf: (text: string) => `hash of ${text}`,
  };
  const about = { projectId: '31', publicKey: key, ...named };
  return receiveEvents(deps, about, () => ({ eventId: ID, events })).catch((error: unknown) =>
    error instanceof DomainError ? error.code : String(error),
  );
}

async function keyWith(id: string, asked: object) {
  const { stores } = world;
  const shop = (await stores.projects.byIds(['31'])).get('31') ?? expect.fail('no shop');
  const { version } = await stores.clientKeys.ofProject(shop);
  const made = newClientKey({ id, secret: 's', projectId: '31', dateCreated: now });
  const write = { kind: 'put', key: { ...made, ...asked } } as const;
  expect(await stores.clientKeys.change(shop, version, write)).toEqual({ committed: true });
}

const detailsSent = () => sent.map(({ detail }) => JSON.parse(detail));

describe('events of an SDK', () => {
  it('are put on the bus under their ids, the envelope’s for the first without one', async () => {
    const own = 'ab'.repeat(16);
    const events = [{ message: 'a' }, { event_id: own, message: 'b' }, { message: 'c' }];
    expect(await receive(events)).toEqual({ kind: 'received', eventId: ID });
    expect(sent.map(({ type }) => type)).toEqual(['group.seen', 'group.seen', 'group.seen']);
    expect(detailsSent().map(({ eventId }) => eventId)).toEqual([ID, own, 'made up here']);
    expect(detailsSent()[0]).toMatchObject({ organization: '1', project: '31', title: 'a' });
  });

  it('are none in an envelope of other items, which is taken all the same', async () => {
    expect(await receive([])).toEqual({ kind: 'received', eventId: ID });
    expect(sent).toEqual([]);
  });

  it.each<[string, Parameters<typeof receive>[1], string]>([
    ['without a key', { publicKey: undefined }, 'access.unauthenticated'],
    ['under a key that nobody has', { publicKey: 'nobody' }, 'resource.not_found'],
    ['of a project that is not there', { projectId: '999' }, 'resource.not_found'],
    ['of what is no project', { projectId: 'shop' }, 'resource.not_found'],
    ['under the key of another project', { projectId: '39' }, 'resource.not_found'],
  ])('%s are refused', async (_, named, code) => {
    expect(await receive([{ message: 'a' }], named)).toBe(code);
    expect(sent).toEqual([]);
  });

  it('under a disabled key are refused', async () => {
    await keyWith('disabled', { isActive: false });
    expect(await receive([{ message: 'a' }], { publicKey: 'disabled' })).toBe('access.forbidden');
    expect(sent).toEqual([]);
  });

  it.each<[string, () => Promise<(string | null)[]>]>([
    ['does not answer', () => Promise.reject(new Error('timed out'))],
    ['refuses one of them', async () => [null, 'ThrottlingException']],
  ])('are to be sent again where the bus %s', async (_, answer) => {
    answerOfBus = answer;
    expect(await receive([{ message: 'a' }, { message: 'b' }])).toBe('bus.unavailable');
  });

  it('are taken up to the limit of their key, and again in its next window', async () => {
    await keyWith('limited', { rateLimit: { count: 3, window: 60 } });
    const of = (count: number) =>
      receive(
        Array.from({ length: count }, () => ({ message: 'a' })),
        { publicKey: 'limited' },
      );
    expect(await of(2)).toMatchObject({ kind: 'received' });
    expect(await of(2)).toEqual({ kind: 'limited', retryAfterSeconds: 30 });
    expect(await of(1)).toMatchObject({ kind: 'received' });
    expect(await of(1)).toEqual({ kind: 'limited', retryAfterSeconds: 30 });
    expect(await of(0)).toMatchObject({ kind: 'received' });
    expect(await of(4)).toEqual({ kind: 'limited', retryAfterSeconds: 30 });
    expect(sent).toHaveLength(3);
    now = '2026-11-29T12:01:00.000Z';
    expect(await of(3)).toMatchObject({ kind: 'received' });
    expect(await of(1)).toEqual({ kind: 'limited', retryAfterSeconds: 60 });
  });

  it('that come at the same time are counted one by one', async () => {
    await keyWith('busy', { rateLimit: { count: 5, window: 60 } });
    const all = await Promise.all(
      Array.from({ length: 12 }, () => receive([{ message: 'a' }], { publicKey: 'busy' })),
    );
    expect(all.filter((one) => typeof one === 'object' && one.kind === 'received')).toHaveLength(5);
    expect(sent).toHaveLength(5);
  });
});
