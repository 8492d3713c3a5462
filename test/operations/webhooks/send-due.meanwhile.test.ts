import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../shared/domain/webhooks/endpoint.ts';
import { changeWebhook } from '../../../shared/operations/webhooks/endpoints.ts';
import { redeliver } from '../../../shared/operations/webhooks/redeliver.ts';
import { sendDue } from '../../../shared/operations/webhooks/send-due.ts';
import { NOW } from '../../support/builders.ts';
import { assignedEvent, webhookSending } from '../../support/webhooks/sending.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** What people and other workers do while one worker sends to an endpoint. */

const DAY = 24 * 60 * 60 * 1_000;

let world: TestWorld;
let sending: ReturnType<typeof webhookSending>;
let to: WebhookEndpoint;

beforeAll(async () => {
  world = await worldOnFreshTable();
});
beforeEach(async () => {
  sending = webhookSending(world, NOW);
  to = await sending.endpoint();
});

const named = () => ({ organizationId: '1', webhookId: to.id });
const current = () => world.stores.webhookEndpoints.byId('1', to.id);
const answerWith = (code: number) => sending.answers.set(to.id, () => ({ code }));
const change = (changes: Partial<WebhookEndpoint>) =>
  changeWebhook(
    {
      ...sending.deps,
      secrets: { read: async () => null, write: async () => {} },
      newSigningSecret: () => '',
      addressProblem: () => null,
    },
    named(),
    { changes, initiator: { actingUserId: '11', requestId: 'r' } },
  );
const time = { requestId: 'r', hasTime: () => true };

/** Sends what is due, while something happens between the first call and its answer. */
async function sendWhile(happens: () => Promise<unknown>): Promise<void> {
  const { deps } = sending;
  let isFirst = true;
  const callEndpoint: typeof deps.callEndpoint = async (...call) => {
    const answer = await deps.callEndpoint(...call);
    if (isFirst) {
      isFirst = false;
      await happens();
    }
    return answer;
  };
  await sendDue({ ...deps, callEndpoint }, named(), time);
}

it('a 410 of an address that has been replaced meanwhile disables nothing', async () => {
  answerWith(410);
  await sending.hear(assignedEvent(NOW));
  await sendWhile(() => change({ url: 'https://elsewhere.acme.io/' }));
  expect(await current()).toMatchObject({ enabled: true, url: 'https://elsewhere.acme.io/' });
  answerWith(204);
  const later = assignedEvent(NOW);
  await sending.hear(later);
  await sending.drain();
  expect(sending.sentTo(to).map(({ id }) => id)).toContain(later.detail.eventId);
});

it('an endpoint that is taken up again while its worker is at work gets what comes then', async () => {
  answerWith(410);
  await sending.hear(assignedEvent(NOW));
  const later = assignedEvent(NOW);
  const { deps } = sending;
  const webhookEndpoints: typeof deps.webhookEndpoints = {
    ...deps.webhookEndpoints,
    async change(...changes) {
      const outcome = await deps.webhookEndpoints.change(...changes);
      answerWith(204);
      await change({ enabled: true });
      await sending.hear(later);
      return outcome;
    },
  };
  await sendDue({ ...deps, webhookEndpoints }, named(), time);
  await sending.drain();
  expect(sending.sentTo(to).map(({ id }) => id)).toContain(later.detail.eventId);
  expect(await current()).toMatchObject({ enabled: true, disabledReason: null });
});

it('an attempt is kept of a delivery that somebody asks for again before its answer', async () => {
  let code = 500;
  sending.answers.set(to.id, () => ({ code }));
  await sending.hear(assignedEvent(NOW));
  const [delivery] = await sending.deliveriesOf(to);
  await sendWhile(async () => {
    code = 204;
    await redeliver(sending.deps, { ...named(), deliveryId: delivery?.id ?? '' });
  });
  await sending.drain();
  expect(sending.sentTo(to)).toHaveLength(2);
  expect(await sending.deliveriesOf(to)).toMatchObject([
    { status: 'delivered', attempts: [{ code: 500 }, { code: 204 }] },
  ]);
});

it('a slow endpoint gives way also where more comes for it', async () => {
  sending.answers.set(to.id, () => {
    sending.advance(1_000);
    return { code: 204 };
  });
  for (let count = 0; count < 45; count += 1) {
    await sending.hear(assignedEvent(NOW));
  }
  sending.queue.splice(0);
  await sendWhile(() => sending.send(named()));
  expect(sending.sentTo(to)).toHaveLength(20);
  expect(sending.queue).toHaveLength(1);
  await sending.drain();
  expect(sending.sentTo(to)).toHaveLength(45);
});

it('an endpoint that was disabled by hand begins anew where nothing waited for it', async () => {
  answerWith(503);
  await sending.hear(assignedEvent(NOW));
  for (let hour = 0; hour < 96; hour += 1) {
    await sending.drain();
    sending.advance(DAY / 24);
    await sending.wakeDue();
  }
  expect(await sending.deliveriesOf(to)).toMatchObject([{ status: 'failed' }]);
  await change({ enabled: false });
  // Its event wakes the worker.
  await sending.send(named());
  sending.advance(DAY);
  await change({ enabled: true });
  await sending.hear(assignedEvent(sending.now()));
  await sending.drain();
  expect(await current()).toMatchObject({ enabled: true, disabledReason: null });
});

it('a worker that fails leaves no claim behind, and its message alone comes again', async () => {
  await sending.hear(assignedEvent(NOW));
  sending.queue.splice(0);
  const { deps } = sending;
  const callEndpoint: typeof deps.callEndpoint = async () => {
    // Another message finds the endpoint taken.
    await sending.send(named());
    throw new Error('The secrets cannot be read.');
  };
  for (let receives = 0; receives < 3; receives += 1) {
    const failing = sendDue({ ...deps, callEndpoint }, named(), time);
    await expect(failing).rejects.toThrow('The secrets cannot be read.');
    expect(sending.queue).toEqual([]);
  }
  // The schedule finds it where the message is given up.
  await sending.wakeDue();
  expect(sending.queue).toContainEqual({ to: named(), atMs: Date.parse(sending.now()) });
  await sending.send(named());
  expect(sending.sentTo(to)).toHaveLength(1);
  expect(await sending.deliveriesOf(to)).toMatchObject([{ status: 'delivered' }]);
});
