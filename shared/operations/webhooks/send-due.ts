import type { WebhookEndpoint } from '../../domain/webhooks/endpoint.ts';
import type { DueWork } from '../../stores/webhooks/webhook-deliveries.ts';
import type {
  SendingLease,
  WebhookAddress,
  WebhookSendingStore,
} from '../../stores/webhooks/webhook-sending.ts';
import { allowsPrivateAddress } from './endpoints.ts';
import type { WakeSender } from './fan-out.ts';
import { type PageContext, type SendingRun, type SendPageDeps, sendPage } from './send-page.ts';

export type SendDueDeps = SendPageDeps & {
  readonly webhookSending: Pick<
    WebhookSendingStore,
    'claim' | 'haveLookAgain' | 'lookAgain' | 'release' | 'giveUp' | 'forget'
  >;
  readonly wakeSender: WakeSender;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly newId: () => string;
};

/** Longer than the function runs, so that no two workers send to one endpoint. */
const LEASE_MS = 90_000;

/** What is done at the same time. */
const PAGE = 20;

/** After a page that took so long others come first: the rest goes to the end of the queue. */
const SLOW_PAGE_MS = 10_000;

/** What is gathered is sent a few seconds later, which is waited for. */
const LONGEST_PAUSE_MS = 3_500;

/** Within the 15 minutes that SQS delays a message, and too short for the alarm on their age. */
const LONGEST_ALARM_MS = 10 * 60 * 1_000;

/** When work of a run ends: with the function's time. */
export type SendingTime = { readonly requestId: string; readonly hasTime: () => boolean };

/**
 * Sends what is due to one endpoint. What is due lies in the table; a message only names the
 * endpoint, so that one that is doubled, late or lost costs a look. One worker at a time sends
 * to one endpoint, and one that is told again looks again before it ends.
 */
export async function sendDue(
  deps: SendDueDeps,
  address: WebhookAddress,
  time: SendingTime,
): Promise<void> {
  const nowMs = Date.parse(deps.clock());
  const lease: SendingLease = { id: deps.newId(), untilMs: nowMs + LEASE_MS };
  const state = await claim(deps, address, lease);
  if (state === undefined) {
    return;
  }
  const run: SendingRun = { address, state, requestId: time.requestId, isDisabled: false };
  try {
    await sendWhileTold(deps, run, lease, time);
  } catch (error) {
    // The message comes again, later each time, and is not to find a claim of this run. No other
    // one is sent: each of them would fail and send the next.
    await deps.webhookSending.giveUp(address.webhookId, lease, {
      state: run.state,
      nextAt: deps.clock(),
    });
    throw error;
  }
}

/** Undefined where another worker sends: it looks once more, or has ended meanwhile. */
async function claim(
  { webhookSending, clock }: SendDueDeps,
  address: WebhookAddress,
  lease: SendingLease,
) {
  for (;;) {
    const nowMs = Date.parse(clock());
    const state = await webhookSending.claim(address, lease, nowMs);
    if (state !== undefined || (await webhookSending.haveLookAgain(address.webhookId, nowMs))) {
      return state;
    }
  }
}

async function sendWhileTold(
  deps: SendDueDeps,
  run: SendingRun,
  lease: SendingLease,
  time: SendingTime,
): Promise<void> {
  const { webhookId } = run.address;
  let end: RunEnd | null = null;
  for (;;) {
    // Who gives way does so also where it was told meanwhile that there is more.
    end = end === 'gives way' ? end : await sendAllDue(deps, run, time);
    if (end === 'gone') {
      return deps.webhookSending.forget(webhookId);
    }
    const [next] = await deps.webhookDeliveries.due(webhookId, null, 1);
    if (await release(deps, run, lease, next?.at ?? null)) {
      return;
    }
    if (!(await deps.webhookSending.lookAgain(webhookId, lease))) {
      // The claim has run out, and with it the right to say anything of the endpoint.
      return;
    }
  }
}

/** Why a run ends: nothing is due, others come first, or the endpoint is gone. */
type RunEnd = 'nothing due' | 'gives way' | 'gone';

/** Works until nothing is due, time is up, or the endpoint has shown to be slow. */
async function sendAllDue(
  deps: SendDueDeps,
  run: SendingRun,
  { hasTime }: SendingTime,
): Promise<RunEnd> {
  for (;;) {
    const endpoint = await readEndpoint(deps, run);
    if (endpoint === undefined) {
      return 'gone';
    }
    if (!hasTime()) {
      return 'gives way';
    }
    const startedAt = deps.clock();
    const work = await dueNow(deps, endpoint, startedAt);
    if (work.length === 0) {
      return 'nothing due';
    }
    await sendDuePage(deps, { run, endpoint, hasTime }, work);
    if (Date.parse(deps.clock()) - Date.parse(startedAt) > SLOW_PAGE_MS) {
      return 'gives way';
    }
  }
}

/** The endpoint as it is now. Who takes up again one that is disabled begins anew. */
async function readEndpoint(
  { webhookEndpoints }: SendDueDeps,
  run: SendingRun,
): Promise<WebhookEndpoint | undefined> {
  const { organizationId, webhookId } = run.address;
  const endpoint = await webhookEndpoints.byId(organizationId, webhookId);
  if (endpoint?.enabled === false) {
    run.state = { ...run.state, failingSince: null };
  }
  return endpoint;
}

async function sendDuePage(
  deps: SendDueDeps,
  context: Omit<PageContext, 'policy'>,
  work: readonly DueWork[],
): Promise<void> {
  const organization = await deps.organizations.byId(context.run.address.organizationId);
  const policy = { allowPrivateAddress: allowsPrivateAddress(organization) };
  await sendPage(deps, { ...context, policy }, work);
}

/** What is due, all of it at an endpoint that is disabled. Gathered changes are waited for. */
async function dueNow(
  deps: SendDueDeps,
  { id, enabled }: WebhookEndpoint,
  now: string,
): Promise<readonly DueWork[]> {
  if (!enabled) {
    return deps.webhookDeliveries.due(id, null, PAGE);
  }
  const due = await deps.webhookDeliveries.due(id, now, PAGE);
  if (due.length > 0) {
    return due;
  }
  const [next] = await deps.webhookDeliveries.due(id, null, 1);
  const waitMs = next === undefined ? 0 : Date.parse(next.at) - Date.parse(now);
  if (next?.kind !== 'gathered' || waitMs > LONGEST_PAUSE_MS) {
    return [];
  }
  await deps.pause(Math.max(0, waitMs));
  return deps.webhookDeliveries.due(id, deps.clock(), PAGE);
}

/**
 * Ends the run. What is due within minutes is woken by a delayed message, what is due later by the
 * schedule. False where somebody has said meanwhile that there is more.
 */
async function release(
  deps: SendDueDeps,
  run: SendingRun,
  lease: SendingLease,
  nextAt: string | null,
): Promise<boolean> {
  const nowMs = Date.parse(deps.clock());
  const nextMs = nextAt === null ? null : Math.max(nowMs, Date.parse(nextAt));
  const isAlarmNeeded =
    nextMs !== null &&
    nextMs - nowMs <= LONGEST_ALARM_MS &&
    (run.state.alarmAtMs <= nowMs || nextMs < run.state.alarmAtMs);
  const state = { ...run.state, alarmAtMs: isAlarmNeeded ? nextMs : run.state.alarmAtMs };
  if (!(await deps.webhookSending.release(run.address.webhookId, lease, { state, nextAt }))) {
    return false;
  }
  if (isAlarmNeeded) {
    await deps.wakeSender(run.address, Math.ceil((nextMs - nowMs) / 1_000));
  }
  return true;
}
