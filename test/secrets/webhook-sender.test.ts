import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { webhookSecretRef } from '../../shared/domain/webhooks/endpoint.ts';
import {
  rotatedSecrets,
  type WebhookSecret,
} from '../../shared/domain/webhooks/webhook-secrets.ts';
import { createWebhookSender } from '../../shared/secrets/webhook-sender.ts';
import { createGuardedFetch } from '../../shared/trackers/guarded-fetch.ts';
import { startServer } from '../support/trackers/double-server.ts';
import { webhookEndpoint } from '../support/webhooks/builders.ts';
import { type Receiver, startReceiver, verified } from '../support/webhooks/receiver.ts';

const A_DAY = 24 * 60 * 60 * 1_000;
const privately = { allowPrivateAddress: true };
const secretText = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;

let receiver: Receiver;
let nowMs: number;
let stored: readonly WebhookSecret[];
let freshReads: number;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.splice(0);
  nowMs = Date.now();
  stored = rotatedSecrets([], { id: '1', secret: secretText('a') }, nowMs);
  freshReads = 0;
});

/** A store of secrets whose copy in memory is older than what it holds. */
function senderWith(copy: readonly WebhookSecret[] = stored) {
  return createWebhookSender({
    now: () => nowMs,
    secrets: {
      async read(reference, { fresh = false } = {}) {
        expect(reference).toBe(webhookSecretRef(webhookEndpoint()));
        freshReads += fresh ? 1 : 0;
        return { value: { secrets: fresh ? stored : copy }, version: 1 };
      },
    },
    fetchWith: (options) => createGuardedFetch({ ...options, timeoutMs: 500 }),
  });
}

const message = (body = '{"type":"webhook.ping"}') => ({
  ...{ eventId: 'event-1', body, sentAt: new Date(nowMs).toISOString() },
});
const at = (path: string, more: object = {}) =>
  webhookEndpoint({ url: receiver.at(path), ...more });

describe('what is sent', () => {
  it('is verified by the official library, over a rotation with the old and the new secret', async () => {
    expect(await senderWith()(at('/a'), message(), privately)).toMatchObject({ code: 204 });
    const copy = stored;
    stored = rotatedSecrets(stored, { id: '2', secret: secretText('b') }, nowMs);
    const rotated = at('/b', { secretId: '2' });
    await senderWith(copy)(rotated, message(), privately);
    expect(freshReads).toBe(1);
    nowMs += A_DAY;
    await senderWith()(at('/c', { secretId: '2' }), message(), privately);

    const verifies = (index: number, letter: string) => {
      const [one] = receiver.received.slice(index);
      const later = { ...one!, headers: { ...one!.headers } };
      return () => verified(later, secretText(letter));
    };
    expect(verifies(0, 'a')()).toEqual({ type: 'webhook.ping' });
    expect(verifies(0, 'b')).toThrow('No matching signature found');
    expect(verifies(1, 'a')()).toEqual({ type: 'webhook.ping' });
    expect(verifies(1, 'b')()).toEqual({ type: 'webhook.ping' });
    const signatures = receiver.received.map(({ headers }) =>
      headers['webhook-signature']?.split(' '),
    );
    expect(signatures.map((list) => list?.length)).toEqual([1, 2, 1]);
    // A day later only the newest signs; the library refuses times that far ahead.
    const again = new Webhook(secretText('b')).sign('event-1', new Date(nowMs), message().body);
    expect(signatures[2]).toEqual([again]);
    // The newest stands first.
    const newest = new Webhook(secretText('b')).sign(
      'event-1',
      new Date(nowMs - A_DAY),
      message().body,
    );
    expect(signatures[1]?.[0]).toBe(newest);
  });

  it('names the event, the second of the attempt, and what it is', async () => {
    await senderWith()(at('/names'), message(), privately);
    expect(receiver.received[0]?.headers).toMatchObject({
      'webhook-id': 'event-1',
      'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
      'content-type': 'application/json',
    });
  });
});

describe('an answer', () => {
  it.each<[string, number, string | undefined]>([
    ['a redirect', 302, '/elsewhere'],
    ['gone', 410, undefined],
    ['too many', 429, undefined],
    ['taken', 200, undefined],
  ])('of %s is told as it is, and no redirect is followed', async (_, status, location) => {
    receiver.answers.set('/told', () => ({
      status,
      headers: { 'retry-after': '120', ...(location === undefined ? {} : { location }) },
      body: 'x'.repeat(5_000),
    }));
    const answer = await senderWith()(at('/told'), message(), privately);
    expect(answer).toEqual({
      ...{ code: status, error: null, ms: 0, retryAfterMs: 120_000 },
      response: 'x'.repeat(1_024),
    });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([101, 600, 999])('of %i, which HTTP does not have, is told as it is', async (status) => {
    const server = await startServer(({ socket }) => {
      const upgrade = status === 101 ? 'connection: upgrade\r\nupgrade: other\r\n' : '';
      socket.end(`HTTP/1.1 ${status} Strange\r\n${upgrade}content-length: 0\r\n\r\n`);
    });
    const answer = await senderWith()(at('/', { url: server.url }), message(), privately);
    await server.stop();
    expect(answer).toMatchObject({ code: status, error: null, response: '' });
  });

  it('that begins and does not end is a failure, and its first kilobyte is enough', async () => {
    const server = await startServer(({ url }, response) => {
      response.writeHead(200);
      response.write('x'.repeat(url === '/short' ? 1 : 1_024));
    });
    const answerOf = (path: string) =>
      senderWith()(at('/', { url: `${server.url}${path}` }), message(), privately);
    const answers = [await answerOf('/short'), await answerOf('/long')];
    await server.stop();
    expect(answers).toMatchObject([
      { code: null, error: 'The endpoint did not answer within 15 seconds.' },
      { code: 200, error: null, response: 'x'.repeat(1_024) },
    ]);
  });

  it('that does not come is a failure after the time of a call', async () => {
    receiver.answers.set('/never', () => null);
    expect(await senderWith()(at('/never'), message(), privately)).toMatchObject({
      ...{ code: null, error: 'The endpoint did not answer within 15 seconds.' },
    });
  });

  it.each([
    ['http://127.0.0.1:9/', false, /must begin with https/],
    ['https://127.0.0.1:9/', false, /webhook is not on the public internet/],
    ['https://localhost:9/secret-path', false, /localhost is not on the public internet/],
    ['http://169.254.169.254/latest/', true, /not on the public internet/],
    ['http://127.0.0.1:9/secret-path', true, /could not be reached \(ECONNREFUSED\)/],
  ])('of %s is none, and says no more of the address', async (url, allowPrivateAddress, reason) => {
    const answer = await senderWith()(at('/', { url }), message(), { allowPrivateAddress });
    expect(answer).toMatchObject({ code: null, error: expect.stringMatching(reason) });
    expect(answer.error).not.toContain('secret-path');
    expect(receiver.received).toEqual([]);
  });

  it('is a failure while the endpoint has no secret', async () => {
    stored = [];
    expect(await senderWith()(at('/early'), message(), privately)).toMatchObject({
      ...{ code: null, error: 'The webhook has no secret yet.' },
    });
  });
});
