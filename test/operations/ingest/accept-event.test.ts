import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { newClientKey } from '../../../shared/domain/projects/client-key.ts';
import { acceptEvent } from '../../../shared/operations/ingest/accept-event.ts';
import type { OutgoingEvent } from '../../../shared/operations/outbox/put-events.ts';
import {
  type ClientKeyWrite,
  firstClientKey,
} from '../../../shared/stores/projects/client-keys.ts';
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
  event: Readonly<Record<string, unknown>> | null,
  named: {
    readonly projectId?: string;
    readonly publicKey?: string | undefined;
    readonly eventId?: unknown;
  } = {},
) {
  const deps = {
    ...wireIngestStores(world.stores.table),
    putEvents: (all: readonly OutgoingEvent[]) => answerOfBus(all),
    clock: () => now,
    count: () => {},
    newKeyText: () => 'made up here',
    hashOf: (text: string) => `hash of ${text}`,
  };
  const { eventId = ID, ...about } = { projectId: '31', publicKey: key, ...named };
  return acceptEvent(deps, about, () => ({ eventId, event })).catch((error: unknown) =>
    error instanceof DomainError ? error.code : String(error),
  );
}

async function keyWith(id: string, asked: object) {
  const made = newClientKey({ id, secret: 's', projectId: '31', dateCreated: now });
  await change({ kind: 'put', key: { ...made, ...asked } });
}

async function change(write: ClientKeyWrite) {
  const { stores } = world;
  const shop = (await stores.projects.byIds(['31'])).get('31') ?? expect.fail('no shop');
  const { version } = await stores.clientKeys.ofProject(shop);
  expect(await stores.clientKeys.change(shop, version, write)).toEqual({ committed: true });
}

const detailsSent = () => sent.map(({ detail }) => JSON.parse(detail));

const OWN = 'ab'.repeat(16);

describe('an event of an SDK', () => {
  it.each<[string, object, unknown, string]>([
    ['its own id', { event_id: OWN, message: 'a' }, ID, OWN],
    ['the id of its envelope', { message: 'a' }, ID, ID],
    ['a new id where nobody named one', { message: 'a' }, null, 'made up here'],
    ['a new id where what was named is none', { event_id: 7, message: 'a' }, 'x', 'made up here'],
  ])('is put on the bus under %s', async (_, event, eventId, known) => {
    expect(await receive({ ...event }, { eventId })).toEqual({ kind: 'accepted', eventId: known });
    expect(sent.map(({ type }) => type)).toEqual(['group.seen']);
    expect(detailsSent()).toEqual([
      expect.objectContaining({ eventId: known, organization: '1', project: '31', title: 'a' }),
    ]);
  });

  it('is none in an envelope of other items, which is accepted all the same', async () => {
    expect(await receive(null)).toEqual({ kind: 'accepted', eventId: ID });
    expect(sent).toEqual([]);
  });

  it.each<[string, Parameters<typeof receive>[1], string]>([
    ['without a key', { publicKey: undefined }, 'access.unauthenticated'],
    ['under a key that nobody has', { publicKey: 'nobody' }, 'resource.not_found'],
    ['of a project that is not there', { projectId: '999' }, 'resource.not_found'],
    ['of what is no project', { projectId: 'shop' }, 'resource.not_found'],
    ['under the key of another project', { projectId: '39' }, 'resource.not_found'],
    ['under a key beyond any length', { publicKey: 'a'.repeat(5_000) }, 'resource.not_found'],
    ['under an empty key', { publicKey: '' }, 'resource.not_found'],
    ['of a project beyond any length', { projectId: '1'.repeat(5_000) }, 'resource.not_found'],
  ])('%s is refused', async (_, named, code) => {
    expect(await receive({ message: 'a' }, named)).toBe(code);
    expect(sent).toEqual([]);
  });

  it('under a disabled key is refused', async () => {
    await keyWith('disabled', { isActive: false });
    expect(await receive({ message: 'a' }, { publicKey: 'disabled' })).toBe('access.forbidden');
    expect(sent).toEqual([]);
  });

  it('under the first key of a project is refused once that is disabled, or deleted', async () => {
    await keyWith(key, { isActive: false });
    expect(await receive({ message: 'a' })).toBe('access.forbidden');
    await change({ kind: 'remove', id: key });
    expect(await receive({ message: 'a' })).toBe('resource.not_found');
    await keyWith(key, {});
    expect(await receive({ message: 'a' })).toMatchObject({ kind: 'accepted' });
  });

  it.each<[string, () => Promise<(string | null)[]>]>([
    ['does not answer', () => Promise.reject(new Error('timed out'))],
    ['refuses it', async () => ['ThrottlingException']],
  ])('is to be sent again where the bus %s', async (_, answer) => {
    answerOfBus = answer;
    expect(await receive({ message: 'a' })).toBe('bus.unavailable');
  });

  it('is taken up to the limit of its key, and again in the next window', async () => {
    await keyWith('limited', { rateLimit: { count: 2, window: 60 } });
    const another = () => receive({ message: 'a' }, { publicKey: 'limited' });
    expect(await another()).toMatchObject({ kind: 'accepted' });
    expect(await another()).toMatchObject({ kind: 'accepted' });
    expect(await another()).toEqual({ kind: 'limited', retryAfterSeconds: 30 });
    expect(await receive(null, { publicKey: 'limited' })).toMatchObject({ kind: 'accepted' });
    expect(sent).toHaveLength(2);
    now = '2026-11-29T12:01:00.000Z';
    expect(await another()).toMatchObject({ kind: 'accepted' });
  });

  it('is one of as many as the limit says, of those that come at the same time too', async () => {
    await keyWith('busy', { rateLimit: { count: 5, window: 60 } });
    const all = await Promise.all(
      Array.from({ length: 12 }, () => receive({ message: 'a' }, { publicKey: 'busy' })),
    );
    expect(all.filter((one) => typeof one === 'object' && one.kind === 'accepted')).toHaveLength(5);
    expect(sent).toHaveLength(5);
  });
});
