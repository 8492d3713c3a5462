import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { operationsOf, writtenDocument } from '../../support/api-document.ts';
import { startTestStack } from '../../support/app.ts';

const MIB = 1024 * 1024;
const KEYS = '/api/0/projects/acme/shop/keys/';

let stack: RunningStack;
let api: Api;
let key: string;
beforeAll(async () => {
  stack = await startTestStack({ cacheEngine: 'wasm' });
  api = apiOf(stack.url);
  key = (await api.get(KEYS)).body[0].id;
});
afterAll(() => stack?.stop());

type Sent = {
  readonly path: string;
  readonly body: Uint8Array;
  readonly encoding?: string | undefined;
};

/** What the API document says that an SDK can be answered. */
const documented = operationsOf(writtenDocument())
  .filter(({ operationId }) => ['receiveEnvelope', 'receiveEvent'].includes(operationId))
  .map(({ responses }) => Object.keys(responses));

async function send({ path, body, encoding }: Sent, publicKey = key): Promise<number> {
  const response = await fetch(`${stack.url}/api/${path}/?sentry_key=${publicKey}`, {
    method: 'POST',
    headers: encoding === undefined ? {} : { 'Content-Encoding': encoding },
    body: new Uint8Array(body),
  });
  await response.text();
  for (const statuses of documented) {
    expect(statuses).toContain(String(response.status));
  }
  return response.status;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const envelopeOf = (event: object) => bytes(`{}\n{"type":"event"}\n${JSON.stringify(event)}\n`);

const anyValue = fc.oneof(fc.jsonValue(), fc.constantFrom('', '{{auto}}', -1, 1e308, [[[]]]));
const partNames = [
  ...['exception', 'threads', 'stacktrace', 'message', 'logentry', 'fingerprint', 'tags', 'user'],
  ...['request', 'level', 'platform', 'timestamp', 'environment', 'release', 'transaction'],
  ...['__proto__', 'constructor', 'contexts', 'sdk', 'extra'],
];
const frames = fc.array(
  fc.dictionary(
    fc.constantFrom('filename', 'abs_path', 'module', 'function', 'in_app', 'lineno'),
    anyValue,
  ),
);
const exceptions = fc.array(
  fc.record({ type: anyValue, value: anyValue, stacktrace: fc.record({ frames }) }),
);
const anyEvent = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...partNames), anyValue),
    fc.option(exceptions),
    fc.uuid({ version: 4 }),
  )
  .map(([parts, values, id]) => ({
    ...parts,
    ...(values !== null && { exception: { values } }),
    event_id: id.replaceAll('-', ''),
  }));

const packers: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  br: (body) => brotliCompressSync(body),
};

/** An event as it should be sent; the same with a part missing or changed; or anything. */
const anyBody = fc.record({
  event: anyEvent,
  isStored: fc.boolean(),
  packed: fc.constantFrom(undefined, 'gzip', 'deflate', 'br'),
  saidToBe: fc.constantFrom('the truth', undefined, 'gzip', 'br', 'zstd', 'gzip, gzip', ''),
  damage: fc.oneof(
    fc.constant(null),
    fc.record({ at: fc.nat(), byte: fc.nat(255) }),
    fc.record({ cutTo: fc.nat() }),
    fc.uint8Array({ minLength: 1 }).map((instead) => ({ instead })),
  ),
});
type AnyBody = typeof anyBody extends fc.Arbitrary<infer Body> ? Body : never;

function damaged(body: Uint8Array, damage: AnyBody['damage']): Uint8Array {
  if (damage === null) {
    return body;
  }
  if ('instead' in damage) {
    return damage.instead;
  }
  if ('cutTo' in damage) {
    return body.slice(0, damage.cutTo % body.length);
  }
  return body.with(damage.at % body.length, damage.byte);
}

function requestOf({ event, isStored, packed, saidToBe, damage }: AnyBody): Sent {
  const plain = isStored ? bytes(JSON.stringify(event)) : envelopeOf(event);
  const pack = packed === undefined ? undefined : packers[packed];
  return {
    path: isStored ? '31/store' : '31/envelope',
    body: damaged(pack?.(plain) ?? plain, damage),
    encoding: saidToBe === 'the truth' ? packed : saidToBe,
  };
}

const idsOnBus = async () =>
  (await api.events('group.seen')).map(({ detail }) => String(detail.eventId));

describe('whatever an SDK sends', () => {
  it('is answered as the API document says', () => {
    expect(documented).toHaveLength(2);
  });

  it('is accepted or refused for a reason, and what is whole is an event on the bus', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: 20, maxLength: 20 }), async (all) => {
        const statuses = await Promise.all(all.map((one) => send(requestOf(one))));
        expect(statuses.filter((status) => ![200, 400, 415].includes(status))).toEqual([]);
        const seen = await idsOnBus();
        for (const [index, { event, damage, saidToBe }] of all.entries()) {
          const isWhole = damage === null && saidToBe === 'the truth';
          if (isWhole) {
            expect(statuses[index]).toBe(200);
          }
          if (isWhole || statuses[index] !== 200) {
            expect(seen.filter((id) => id === event.event_id)).toHaveLength(isWhole ? 1 : 0);
          }
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 5) },
    );
    await api.idle();
    // What reached the bus could be read there, all of it.
    expect(await api.counted('group_seen.dropped')).toBe(0);
  });

  it.each([
    ['of 1 MiB', MIB, 200],
    ['of a byte more', MIB + 1, 413],
    ['that Lambda does not take', 5 * MIB, 413],
    ['that the gateway does not take', 11 * MIB, 413],
  ])('an envelope %s is answered', async (_, size, status) => {
    const start = '{}\n{"type":"attachment"}\n';
    const body = bytes(start.padEnd(size, 'a'));
    expect(await send({ path: '31/envelope', body })).toBe(status);
  });

  it.each([
    ['a project beyond any length', '9'.repeat(3_000), undefined],
    ['a project that is no id', '%F0%9F%92%A5', undefined],
    ['a key beyond any length', '31', 'a'.repeat(3_000)],
    ['a key that is no key', '31', '%00'],
  ])('for %s it is not found', async (_, project, other) => {
    const body = envelopeOf({ message: 'x' });
    expect(await send({ path: `${project}/envelope`, body }, other)).toBe(404);
  });

  it.each(Object.keys(packers))('a bomb of %s is not unpacked', async (encoding) => {
    const body = packers[encoding]?.(new Uint8Array(64 * MIB)) ?? new Uint8Array();
    expect(body.length).toBeLessThan(MIB);
    expect(await send({ path: '31/envelope', body, encoding })).toBe(413);
  });

  it('names one event, however small its items are', async () => {
    const body = bytes(`{}\n${'{"type":"event"}\n{}\n'.repeat(10_000)}`);
    const before = (await idsOnBus()).length;
    expect(await send({ path: '31/envelope', body })).toBe(400);
    expect(await idsOnBus()).toHaveLength(before);
  });

  it('a large event is cut to what the bus takes, and is an issue', async () => {
    const frame = { filename: 'app/cart.py', function: 'pay', in_app: true };
    const value = 'large 💥'.padEnd(10_000, '\u0001');
    const tags = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`${at}`, '\u0001'.repeat(300)]),
    );
    const event = {
      ...{ level: value, environment: value, transaction: value, tags },
      exception: {
        values: [
          {
            type: 'Large',
            value,
            stacktrace: { frames: Array.from({ length: 3_000 }, () => frame) },
          },
        ],
      },
    };
    expect(await send({ path: '31/envelope', body: envelopeOf(event) })).toBe(200);
    await api.idle();
    const { body } = await api.get('/api/0/organizations/acme/issues/?query=title:Large*');
    expect(body).toHaveLength(1);
  });
});

it('under a key that is deleted, and in a project that is, events are refused', async () => {
  const body = envelopeOf({ message: 'Late' });
  const { body: second } = await api.post(KEYS, { name: 'Second' });
  expect(await send({ path: '31/envelope', body }, second.id)).toBe(200);
  await api.delete(`${KEYS}${second.id}/`);
  expect(await send({ path: '31/envelope', body }, second.id)).toBe(404);

  const { status, body: made } = await api.post('/api/0/teams/acme/core/projects/', {
    name: 'Off',
  });
  expect(status).toBe(201);
  const [{ id }] = (await api.get('/api/0/projects/acme/off/keys/')).body;
  expect(await send({ path: `${made.id}/envelope`, body }, id)).toBe(200);
  await api.delete('/api/0/projects/acme/off/');
  expect(await send({ path: `${made.id}/envelope`, body }, id)).toBe(404);
});
