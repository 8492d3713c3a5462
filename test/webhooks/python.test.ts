import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningStack, startStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { HANG_GUARD_MS } from '../support/hang-guard.ts';
import { smallWorld } from '../support/world.ts';
import { worldFile } from '../support/world-file.ts';
import { type Asked, startPythonReceiver, verifyAll } from './python.ts';

const HOOKS = '/api/0/organizations/acme/webhooks';
const ISSUE = '/api/0/organizations/acme/issues/101/';

describe('the example in Python', () => {
  const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
  const body = '{"type":"webhook.ping","data":{"title":"é 日本"}}';
  const [secret, other] = [secretOf('a'), secretOf('b')];

  function asked(
    signers: readonly string[],
    { ageSeconds = 0, ...headers }: { ageSeconds?: number; [name: string]: unknown } = {},
  ): Asked {
    const at = new Date(Date.now() - ageSeconds * 1_000);
    const signed = {
      'webhook-id': 'event-1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': signers
        .map((one) => new Webhook(one).sign('event-1', at, body))
        .join(' '),
    };
    return { secret, body, headers: { ...signed, ...headers } };
  }
  const genuine = asked([secret]);
  const signature = genuine.headers['webhook-signature'] ?? '';
  const without = (name: string) =>
    Object.fromEntries(Object.entries(genuine.headers).filter(([key]) => key !== name));

  const cases: [string, Asked, boolean][] = [
    ['one signature', genuine, true],
    ['the new signature and then the old one', asked([other, secret]), true],
    ['the old signature and then the new one', asked([secret, other]), true],
    ['almost five minutes', asked([secret], { ageSeconds: 290 }), true],
    ['a clock that is almost five minutes ahead', asked([secret], { ageSeconds: -290 }), true],
    ['the signature of another secret', asked([other]), false],
    ['another body', { ...genuine, body: `${body} ` }, false],
    ['another id', asked([secret], { 'webhook-id': 'event-2' }), false],
    [
      'another time',
      asked([secret], {
        'webhook-timestamp': String(Number(genuine.headers['webhook-timestamp']) + 1),
      }),
      false,
    ],
    ['more than five minutes', asked([secret], { ageSeconds: 310 }), false],
    ['a clock that is more than five minutes ahead', asked([secret], { ageSeconds: -310 }), false],
    ['a time that is no number', asked([secret], { 'webhook-timestamp': 'NaN' }), false],
    [
      'another version of signatures',
      asked([secret], { 'webhook-signature': signature.replace('v1,', 'v2,') }),
      false,
    ],
    [
      'a signature without its version',
      asked([secret], { 'webhook-signature': signature.replace('v1,', '') }),
      false,
    ],
    [
      'a signature that is cut',
      asked([secret], { 'webhook-signature': signature.slice(0, -4) }),
      false,
    ],
    ['a signature that is no base64', asked([secret], { 'webhook-signature': 'v1,é' }), false],
    ['no signature', { ...genuine, headers: without('webhook-signature') }, false],
    ['no time', { ...genuine, headers: without('webhook-timestamp') }, false],
    ['no id', { ...genuine, headers: without('webhook-id') }, false],
  ];
  let verdicts: boolean[];
  beforeAll(() => {
    verdicts = verifyAll(cases.map(([, one]) => one));
  });

  it.each(cases.map(([name, , expected], index) => [name, expected, index] as const))(
    'of a request with %s says %s',
    (_, expected, index) => {
      expect(verdicts[index]).toBe(expected);
    },
  );
});

describe('a receiver in Python', () => {
  const cleanup = new AsyncDisposableStack();
  let receiver: Awaited<ReturnType<typeof startPythonReceiver>>;
  let stack: RunningStack;
  let api: Api;

  beforeAll(async () => {
    const world = worldFile({
      organizations: smallWorld.organizations.map((one) => ({
        ...one,
        options: { 'webhooks.allow-private-address': one.slug === 'acme' },
      })),
    });
    cleanup.defer(() => world.remove());
    receiver = await startPythonReceiver();
    cleanup.defer(() => receiver.stop());
    stack = await startStack({ world: world.path, rateLimits: false, cacheEngine: 'wasm' });
    cleanup.defer(() => stack.stop());
    api = apiOf(stack.url);
  });
  afterAll(async () => {
    await cleanup.disposeAsync();
  });

  async function endpoint(path: string, answers: readonly number[] = []) {
    const asked = { url: receiver.at(path), events: ['issue.resolved', 'issue.unresolved'] };
    const { status, body } = await api.post(`${HOOKS}/`, asked);
    expect(status).toBe(201);
    await receiver.listen(path, body.secret, answers);
    return body as { id: string; secret: string };
  }
  const change = async (status: string) => {
    expect((await api.put(ISSUE, { status })).status).toBe(200);
    await api.idle();
  };
  const rotate = async (id: string): Promise<string> =>
    (await api.post(`${HOOKS}/${id}/rotate-secret/`, undefined)).body.secret;
  const statuses = async (id: string) =>
    (await api.get(`${HOOKS}/${id}/deliveries/`)).body.map(
      ({ status }: { status: string }) => status,
    );
  const seen = (path: string) =>
    receiver.arrivedAt(path).map(({ type, signatures, genuine }) => [type, signatures, genuine]);

  it('verifies every delivery over a rotation of the secret, by the old one and the new one', async () => {
    const [stays, moves] = [await endpoint('/stays'), await endpoint('/moves')];
    await change('resolved');
    await rotate(stays.id);
    const next = await rotate(moves.id);
    await change('unresolved');
    await receiver.listen('/moves', next);
    await change('resolved');
    for (const path of ['/stays', '/moves']) {
      expect(seen(path)).toEqual([
        ['issue.resolved', 1, true],
        ['issue.unresolved', 2, true],
        ['issue.resolved', 2, true],
      ]);
      expect(new Set(receiver.arrivedAt(path).map(({ id }) => id)).size).toBe(3);
    }
    expect(await statuses(moves.id)).toEqual(['delivered', 'delivered', 'delivered']);

    // A second rotation drops the oldest secret.
    await rotate(stays.id);
    await change('unresolved');
    expect(seen('/stays').at(-1)).toEqual([null, 2, false]);
    expect((await statuses(stays.id))[0]).toBe('pending');
  });

  it('gets a change that it has refused again, under the same id and with a signature of its own', async () => {
    const { id } = await endpoint('/again', [503]);
    await change('resolved');
    await vi.waitUntil(async () => (await statuses(id))[0] === 'delivered', {
      timeout: HANG_GUARD_MS,
      interval: 200,
    });
    const arrived = receiver.arrivedAt('/again');
    expect(arrived.map(({ status, genuine }) => [status, genuine])).toEqual([
      [503, true],
      [204, true],
    ]);
    expect(new Set(arrived.map((one) => one.id)).size).toBe(1);
  });
});
