import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../lambda/function-process.ts';
import type { LocalFunction } from '../lambda/functions.ts';
import type { Queue } from '../queues/queue.ts';
import { LOCAL_REGION } from '../services/aws-json.ts';
import { causesNamed, causesOf, type InFlight, type Roots } from '../services/in-flight.ts';
import type { Observe } from '../services/observation.ts';
import type { Matches } from './pattern.ts';

/** The number of events that are kept, so that memory stays bounded in a long run. */
const MAX_REMEMBERED_EVENTS = 100_000;
const EVENTS_FORGOTTEN_TOGETHER = 10_000;
const ASYNC_RETRY_DELAY_MS = 1_000;

/** Where a rule sends matching events. */
export type Target =
  | { readonly kind: 'queue'; readonly queue: Queue; readonly groupId: string | undefined }
  | FunctionTarget;

type FunctionTarget = {
  readonly kind: 'function';
  readonly target: LocalFunction;
  readonly maxRetryAttempts: number;
};

export type Rule = {
  readonly name: string;
  readonly matches: Matches;
  readonly targets: readonly Target[];
};

/** A valid entry of PutEvents. */
export type AcceptedEntry = {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
  readonly resources: readonly string[];
  readonly time: Date;
};

export type Bus = ReturnType<typeof createBus>;

type BusOptions = {
  name: string;
  arn: string;
  accountId: string;
  rules: readonly Rule[];
  inFlight: InFlight;
  observe: Observe;
  warn: (line: string) => void;
};

/** The event bus: keeps the events that it got, and sends each to the targets of matching rules. */
export function createBus({ name, arn, accountId, rules, ...options }: BusOptions) {
  const { inFlight, observe, warn } = options;
  /** As JSON, which takes a tenth of the memory of objects. */
  let events: string[] = [];

  const deliver = (rule: Rule, target: Target, envelope: object, roots: Roots) => {
    if (target.kind === 'function') {
      void invokeAsync(target, envelope, roots);
      return;
    }
    try {
      target.queue.send({ body: JSON.stringify(envelope), groupId: target.groupId }, roots);
    } catch (error) {
      warn(`rule ${rule.name} could not send to queue ${target.queue.name}: ${String(error)}`);
    }
  };

  /** As the event queue of Lambda: retried after a failure, and dropped after the last attempt. */
  const invokeAsync = async (
    { target, maxRetryAttempts }: FunctionTarget,
    event: object,
    roots: Roots,
  ) => {
    const work = inFlight.begin(`event for ${target.name}`, roots);
    const outcome = await retryInvocation(
      () => target.invoke(event, { roots, patient: true }),
      maxRetryAttempts,
    );
    if (!outcome.ok) {
      warn(`${target.name} failed ${maxRetryAttempts + 1} times with an event, which is dropped.`);
    }
    work.end();
  };

  return {
    name,
    arn,
    /** Accepts an event and returns its id: the cause of what follows, if there is no other. */
    put(entry: AcceptedEntry, putRoots: Roots): string {
      const envelope = {
        version: '0',
        id: randomUUID(),
        'detail-type': entry.detailType,
        source: entry.source,
        account: accountId,
        // The time of an event has whole seconds.
        time: entry.time.toISOString().replace(/\.\d+Z$/, 'Z'),
        region: LOCAL_REGION,
        resources: entry.resources,
        detail: entry.detail,
      };
      events.push(JSON.stringify(envelope));
      if (events.length >= MAX_REMEMBERED_EVENTS + EVENTS_FORGOTTEN_TOGETHER) {
        events = events.slice(EVENTS_FORGOTTEN_TOGETHER);
      }
      const known = causesOf(putRoots);
      const causes =
        known.length === 0 ? [envelope.id] : causesNamed(known, () => JSON.stringify(entry.detail));
      const { roots, release } = inFlight.narrow(putRoots, causes);
      const matching = rules.filter((rule) => rule.matches(envelope));
      observe({
        ...{ what: 'event', causes, id: envelope.id },
        ...{ type: entry.detailType, detail: entry.detail },
        rules: matching.map(({ name: rule, targets }) => ({
          name: rule,
          targets: targets.map(nameOfTarget),
        })),
      });
      for (const rule of matching) {
        rule.targets.forEach((target) => {
          deliver(rule, target, envelope, roots);
        });
      }
      release();
      return envelope.id;
    },
    /** The events that the bus got, oldest first, as a JSON array. */
    eventsJson: () => `[${events.join(',')}]`,
    forgetEvents(): void {
      events = [];
    },
  };
}

function nameOfTarget(target: Target): string {
  return target.kind === 'queue' ? target.queue.name : target.target.name;
}

/** Invokes until it succeeds: at most `maxRetries` more times, after 1, 2, 3, ... s. */
async function retryInvocation(
  invoke: () => Promise<Outcome>,
  maxRetries: number,
): Promise<Outcome> {
  let outcome = await invoke();
  for (let retry = 1; !outcome.ok && retry <= maxRetries; retry += 1) {
    await delay(ASYNC_RETRY_DELAY_MS * retry, undefined, { ref: false });
    outcome = await invoke();
  }
  return outcome;
}
