import { FUNCTIONS } from '../../../infra/functions.ts';
import { type SendDueDeps, sendDue } from '../../../shared/operations/webhooks/send-due.ts';
import type { WebhookAddress } from '../../../shared/stores/webhooks/webhook-sending.ts';
import type { VirtualTime } from './virtual-time.ts';

const { leastConcurrency, batchSize } = FUNCTIONS['webhook-delivery'].trigger;
const { timeoutSeconds } = FUNCTIONS['webhook-delivery'];

/** The function stops looking for work so long before it has to end. */
const RESERVE_MS = 20_000;

/** How long a queue without messages is waited for. */
const POLL_MS = 50;

type Message = { readonly to: WebhookAddress; readonly atMs: number };

/**
 * The queue of webhook-delivery and its invocations, as many at the same time and with as many
 * messages as in every stage. An invocation ends when the last of its messages is worked on.
 */
export function webhookWorkers(time: VirtualTime) {
  const queue: Message[] = [];
  let isStopped = false;

  function take(): WebhookAddress[] {
    const due = queue.filter(({ atMs }) => atMs <= time.nowMs()).slice(0, batchSize);
    for (const message of due) {
      queue.splice(queue.indexOf(message), 1);
    }
    return due.map(({ to }) => to);
  }

  async function invocations(deps: SendDueDeps): Promise<void> {
    while (!isStopped) {
      const batch = take();
      if (batch.length === 0) {
        await time.sleep(POLL_MS);
        continue;
      }
      const untilMs = time.nowMs() + timeoutSeconds * 1_000 - RESERVE_MS;
      const hasTime = () => !isStopped && time.nowMs() < untilMs;
      await Promise.all(batch.map((to) => sendDue(deps, to, { requestId: 'bench', hasTime })));
    }
  }

  return {
    async wakeSender(to: WebhookAddress, delaySeconds: number): Promise<void> {
      queue.push({ to, atMs: time.nowMs() + delaySeconds * 1_000 });
    },
    /** Works until it is stopped; what was begun is brought to its end. */
    async run(deps: SendDueDeps): Promise<void> {
      await Promise.all(Array.from({ length: leastConcurrency }, () => invocations(deps)));
    },
    stop(): void {
      isStopped = true;
    },
  };
}
