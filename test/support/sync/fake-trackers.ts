import {
  type ExternalIssue,
  type ExternalPerson,
  includesPerson,
  type Provider,
  samePeople,
  traitsOf,
} from '../../../shared/domain/sync/external-issue.ts';
import type { TrackerReply } from '../../../shared/domain/sync/failure.ts';
import type { WebhookSnapshot } from '../../../shared/domain/sync/webhook-snapshot.ts';
import type { TrackerSource } from '../../../shared/secrets/tracker-source.ts';
import type { Tracker } from '../../../shared/trackers/tracker.ts';
import type { Stepper } from './stepper.ts';

export const person = (id: string): ExternalPerson => ({ externalId: id, externalName: id });
const own = person('bot');
const human = person('human');

export type Ticket = {
  readonly integrationId: string;
  readonly provider: Provider;
  readonly key: string;
  assignees: readonly ExternalPerson[];
  status: ExternalIssue['status'];
  /** Whole seconds, as a tracker counts them. */
  atMs: number;
};

export type SentWebhook = {
  readonly integrationId: string;
  readonly provider: Provider;
  readonly snapshot: WebhookSnapshot;
};

/**
 * Trackers in memory: the outside world of a simulation, with clocks of whole seconds and faults
 * that can be armed.
 */
export function createFakeTrackers(options: {
  readonly tickets: readonly Pick<Ticket, 'integrationId' | 'provider' | 'key'>[];
  readonly now: () => number;
  readonly stepper: Stepper;
}) {
  const { now, stepper } = options;
  const tickets: Ticket[] = options.tickets.map((ticket) => ({
    ...ticket,
    assignees: [],
    status: 'open',
    atMs: Math.floor(now() / 1_000) * 1_000,
  }));
  const sent: SentWebhook[] = [];
  const listeners: ((webhook: SentWebhook) => void)[] = [];
  let writes = 0;
  let faults = 0;

  function change(
    ticket: Ticket,
    changes: Partial<Pick<Ticket, 'assignees' | 'status'>>,
    actor: ExternalPerson,
  ) {
    const { assignees = ticket.assignees, status = ticket.status } = changes;
    ticket.assignees =
      traitsOf(ticket.provider).capacity === 'one' ? assignees.slice(0, 1) : assignees;
    ticket.status = status;
    ticket.atMs = Math.floor(now() / 1_000) * 1_000;
    const { integrationId, provider } = ticket;
    const webhook: SentWebhook = {
      integrationId,
      provider,
      snapshot: {
        deliveryId: `delivery-${sent.length}`,
        externalKey: ticket.key,
        stableId: ticket.key,
        assignees: changes.assignees === undefined ? null : ticket.assignees,
        status: changes.status === undefined ? null : ticket.status,
        externalVersion: { atMs: ticket.atMs, rev: null },
        actor,
        incomplete: false,
      },
    };
    sent.push(webhook);
    for (const listener of listeners) {
      listener(webhook);
    }
  }

  const shown = (ticket: Ticket): ExternalIssue => ({
    key: ticket.key,
    stableId: ticket.key,
    assignees: ticket.assignees,
    status: ticket.status,
    externalVersion: { atMs: ticket.atMs, rev: null },
    lock: null,
  });

  /** A call of a worker: parks it, and fails where a fault was armed. */
  function call<T>(act: () => T): Promise<TrackerReply<T>> {
    return stepper.write(async () => {
      if (faults > 0) {
        faults -= 1;
        const failure = { kind: 'transient', reason: 'Armed.', retryAfterMs: null } as const;
        return { ok: false, failure };
      }
      return { ok: true, value: act() };
    });
  }

  function trackerOf(integrationId: string, provider: Provider): Tracker {
    const traits = traitsOf(provider);
    const find = (key: string): Ticket => {
      const ticket = tickets.find((one) => one.integrationId === integrationId && one.key === key);
      if (ticket === undefined) {
        throw new Error(`There is no ticket ${key}.`);
      }
      return ticket;
    };
    return {
      provider,
      createIssue: () => Promise.reject(new Error('Nobody creates tickets here.')),
      getIssue: (key) => call(() => shown(find(key))),
      setAssignees: ({ key }, { add, remove }) =>
        call(() => {
          writes += 1;
          const ticket = find(key);
          const left = ticket.assignees.filter((one) => !includesPerson(remove, one, traits));
          const added = add.filter((one) => !includesPerson(left, one, traits));
          change(ticket, { assignees: [...added, ...left] }, own);
          return shown(ticket);
        }),
      setStatus: ({ key }, status) =>
        call(() => {
          writes += 1;
          const ticket = find(key);
          change(ticket, { status }, own);
          return shown(ticket);
        }),
      findUser: async () => ({ ok: true, value: null }),
      whoAmI: async () => ({ ok: true, value: own }),
    };
  }

  const source: Pick<TrackerSource, 'of' | 'renew'> = {
    of: async ({ id, provider }) => ({ ok: true, value: trackerOf(id, provider) }),
    renew: async () => 'refused',
  };

  return {
    source,
    tickets,
    sent,
    /** How often we have written to them. */
    writes: () => writes,
    onWebhook: (listener: (webhook: SentWebhook) => void) => void listeners.push(listener),
    /** The next calls fail with a 5xx. */
    arm: (calls: number) => {
      faults += calls;
    },
    disarm: () => {
      faults = 0;
    },
    /** Somebody changes who is assigned; trackers say nothing when nothing changed. */
    assign(ticket: Ticket, people: readonly ExternalPerson[]): boolean {
      const isNews = !samePeople(ticket.assignees, people, traitsOf(ticket.provider));
      if (isNews) {
        change(ticket, { assignees: people }, human);
      }
      return isNews;
    },
    setStatus(ticket: Ticket, status: Ticket['status']) {
      if (ticket.status !== status) {
        change(ticket, { status }, human);
      }
    },
  };
}
