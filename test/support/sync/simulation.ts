import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DomainError } from '../../../shared/domain/errors.ts';
import type { EventDetail } from '../../../shared/domain/events.ts';
import { localBackoff } from '../../../shared/domain/sync/backoff.ts';
import {
  type ExternalPerson,
  includesPerson,
  traitsOf,
} from '../../../shared/domain/sync/external-issue.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import {
  type FifoMessage,
  fanOut,
  type ReceivedWebhook,
} from '../../../shared/operations/sync/fan-out.ts';
import { syncInbound } from '../../../shared/operations/sync/inbound.ts';
import type { LinkRequest } from '../../../shared/operations/sync/link-facts.ts';
import { syncOutbound } from '../../../shared/operations/sync/outbound.ts';
import { receiveWebhook } from '../../../shared/operations/sync/receive-webhook.ts';
import type { WorkOutcome } from '../../../shared/operations/sync/record-failure.ts';
import { sweepLinks } from '../../../shared/operations/sync/sweep-links.ts';
import { createTable, type Item } from '../../../shared/stores/table.ts';
import { wireClockAndIds, wireStores } from '../../../shared/wiring.ts';
import { heardBy, hears } from '../bus-events.ts';
import { eventsIn } from '../consistency.ts';
import { assignedTo, emptyOwnerCaches, surroundings } from '../operations.ts';
import { smallWorld, worldOnFreshTable } from '../world.ts';
import { createFakeTrackers, person, type SentWebhook } from './fake-trackers.ts';
import { createStepper, type Fate, type Task } from './stepper.ts';

type Message = {
  readonly messageGroupId: string;
  readonly work: (receives: number) => Promise<unknown>;
  readonly receives: number;
};
type BusEvent = { readonly type: string; readonly detail: EventDetail };

/** Users 11 and 12 are p1 and p2 in the trackers; nobody stands for user 13, or for p3. */
const accounts: Readonly<Record<string, string>> = { '11': 'p1', '12': 'p2' };
const integrations = [
  { id: '501', provider: 'github' },
  { id: '502', provider: 'redmine' },
] as const;

const ticketKeys = { a: 'acme/shop#1', b: '1' };

/**
 * Group and ticket of each link; `a` is an issue on GitHub (room for many), `b` one in Redmine
 * (room for one).
 */
export type Shape = readonly (readonly [group: string, ticket: 'a' | 'b'])[];

export type Simulation = Awaited<ReturnType<typeof startSimulation>>;

/**
 * The real operations on a real table, with queues and trackers in memory, in which everything that
 * can go wrong does. An `index` picks one of what there is.
 */
export async function startSimulation(shape: Shape) {
  const stepper = createStepper();
  let nowMs = Date.parse('2026-11-22T13:00:00.000Z');
  const world = await worldOnFreshTable(worldOf(shape));
  const events: BusEvent[] = [];
  const queue: Message[] = [];
  const webhooks: SentWebhook[] = [];
  const workers: Task<Message>[] = [];
  let deadLetters = 0;

  const stores = wireStores(createTable({ client: watched(world.client), name: world.table }));
  const trackers = createFakeTrackers({
    tickets: [
      { integrationId: '501', provider: 'github', key: ticketKeys.a },
      { integrationId: '502', provider: 'redmine', key: ticketKeys.b },
    ],
    now: () => nowMs,
    stepper,
  });
  trackers.onWebhook((webhook) => void webhooks.push(webhook));

  const deps = {
    ...stores,
    ...surroundings(),
    ...wireClockAndIds(),
    ownerCaches: emptyOwnerCaches,
    trackers: trackers.source,
    backoff: localBackoff,
    random: () => 0,
    clock: () => new Date(nowMs).toISOString(),
    webhookSecretsOf: async () => ['secret'],
    providerOf: (name: string) =>
      (name === 'github' ? 'github' : 'redmine') as 'github' | 'redmine',
    webhookOf: () => ({
      verify: async () => true,
      normalize: (_: unknown, body: unknown) => body as SentWebhook['snapshot'],
    }),
    sendOutbound: sender(
      (body, receives): Promise<unknown> =>
        syncOutbound(deps, { ...(body as LinkRequest), receives, hasTime: () => true }),
    ),
    sendInbound: sender((body): Promise<unknown> => syncInbound(deps, body as ReceivedWebhook)),
  };

  /**
   * Parks workers at writes, and hands on the events that were recorded, as the table's stream
   * does.
   */
  function watched(client: typeof world.client): typeof world.client {
    const send = async (command: object) => {
      const output = await client.send(command as never);
      if (command instanceof TransactWriteCommand) {
        for (const { Put } of command.input.TransactItems ?? []) {
          if (Put?.Item?.entity === 'outbox') {
            events.push(...eventsIn(Put.Item as Item));
          }
        }
      }
      return output;
    };
    const isWrite = (command: object) =>
      command instanceof TransactWriteCommand || command instanceof UpdateCommand;
    const stepped = (command: object) =>
      isWrite(command) ? stepper.write(() => send(command)) : stepper.read(() => send(command));
    return { send: stepped } as unknown as typeof world.client;
  }

  function sender(
    work: (body: object, receives: number) => Promise<unknown>,
  ): (messages: readonly FifoMessage[]) => Promise<void> {
    return async (messages) => {
      for (const { messageGroupId, body } of messages) {
        queue.push({ messageGroupId, work: (receives) => work(body, receives), receives: 0 });
      }
    };
  }

  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list[index % Math.max(list.length, 1)];

  const take = <T>(list: T[], one: T | undefined): T | undefined =>
    one === undefined ? undefined : list.splice(list.indexOf(one), 1)[0];

  async function start(message: Message) {
    const task = await stepper.begin(message, () => message.work(message.receives));
    workers.push(task);
    retire(task);
  }

  /** What becomes of a message whose worker has come to its end. */
  function retire(task: Task<Message>) {
    if (task.outcome === null) {
      return;
    }
    take(workers, task);
    const outcome = 'value' in task.outcome ? (task.outcome.value as WorkOutcome) : null;
    // Of two workers on one message the first that is done removes it.
    if (outcome?.kind === 'dead') {
      deadLetters += 1;
    }
    if (outcome?.kind === 'later') {
      nowMs += outcome.delayMs;
    }
    if (outcome === null || outcome.kind === 'later') {
      queue.unshift(received(task.about));
    }
    if ('error' in task.outcome && !isForeseen(task.outcome.error)) {
      throw task.outcome.error;
    }
  }

  const received = (message: Message): Message => ({ ...message, receives: message.receives + 1 });

  return {
    tickets: trackers.tickets,
    groups: [...new Set(shape.map(([group]) => group))],
    writes: trackers.writes,
    deadLetters: () => deadLetters,
    pending: () => events.length + queue.length + webhooks.length + workers.length,
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms;
    },

    async assignHere(groupId: string, userId: string | null) {
      nowMs += 130;
      await updateGroups(deps, {
        organizationId: '1',
        groupIds: [groupId],
        projects: null,
        update: assignedTo(userId === null ? null : `user:${userId}`),
        initiator: { actingUserId: '11', requestId: 'here' },
      });
    },
    /** Answers whether that changed anything there. */
    assignThere(index: number, people: readonly string[]): boolean {
      nowMs += 130;
      const ticket = pick(trackers.tickets, index);
      return ticket !== undefined && trackers.assign(ticket, people.map(person));
    },
    async statusHere(groupId: string, status: 'resolved' | 'unresolved') {
      nowMs += 130;
      await updateGroups(deps, {
        organizationId: '1',
        groupIds: [groupId],
        projects: null,
        update: { status: { status, substatus: null, resolvedIn: null, conditions: {} } },
        initiator: { actingUserId: '11', requestId: 'here' },
      });
    },
    statusThere(index: number, status: 'open' | 'closed') {
      nowMs += 130;
      const ticket = pick(trackers.tickets, index);
      if (ticket !== undefined) {
        trackers.setStatus(ticket, status);
      }
    },

    /** An event reaches the fan-out, in any order. */
    async relay(index: number) {
      const event = take(events, pick(events, index));
      if (event === undefined || !hears('sync-fanout', event)) {
        return;
      }
      const heard = heardBy('sync-fanout', event);
      if (heard.type !== 'integration.deleted') {
        await fanOut(deps, heard);
      }
    },
    /** A webhook arrives, in any order. */
    async arrive(index: number) {
      const webhook = take(webhooks, pick(webhooks, index));
      if (webhook === undefined) {
        return;
      }
      const { integrationId, provider, snapshot } = webhook;
      const rawBody = JSON.stringify(snapshot);
      const requestId = snapshot.deliveryId;
      await receiveWebhook(deps, { integrationId, provider, rawBody, headers: {}, requestId });
    },
    /** A worker takes up a message: in order, and one at a time, within each message group. */
    async begin(index: number) {
      const busy = new Set(workers.map(({ about }) => about.messageGroupId));
      const isFirst = (message: Message) =>
        queue.find(({ messageGroupId }) => messageGroupId === message.messageGroupId) === message;
      const open = queue.filter((message) => !busy.has(message.messageGroupId) && isFirst(message));
      const message = take(queue, pick(open, index));
      if (message !== undefined) {
        await start(message);
      }
    },
    async step(index: number, fate: Fate = 'go') {
      nowMs += 130;
      const task = pick(workers, index);
      if (task === undefined) {
        return;
      }
      await stepper.step(task, fate);
      if (fate === 'go') {
        return retire(task);
      }
      take(workers, task);
      queue.unshift(received(task.about));
    },
    /** A worker sleeps for longer than its message is hidden: another one takes it up beside it. */
    async stall(index: number) {
      const task = pick(workers, index);
      const twins = workers.filter(
        ({ about }) => about.messageGroupId === task?.about.messageGroupId,
      );
      if (task !== undefined && twins.length === 1) {
        await start(received(task.about));
      }
    },
    lose: (index: number) => void take(webhooks, pick(webhooks, index)),
    double(index: number) {
      const webhook = pick(webhooks, index);
      if (webhook !== undefined) {
        webhooks.push(webhook);
      }
      const event = pick(events, index);
      if (event !== undefined) {
        events.push(event);
      }
    },
    replay: () => void webhooks.push(...trackers.sent),
    fail: (calls: number) => trackers.arm(calls),
    recover: () => trackers.disarm(),
    async sweep() {
      nowMs += 15 * 60_000;
      await sweepLinks(deps, { requestId: `sweep-${nowMs}`, hasTime: () => true });
    },

    async assigneeOf(groupId: string): Promise<string | null> {
      return (await stores.assignments.ofGroup(groupId))?.assignee?.id ?? null;
    },
    /** The links whose ticket does not show what their group says. */
    async disagreements() {
      const found = [];
      for (const groupId of new Set(shape.map(([group]) => group))) {
        const assignment = await stores.assignments.ofGroup(groupId);
        const group = await stores.groups.byId(groupId);
        for (const link of await stores.links.ofGroup(groupId)) {
          const ticket = trackers.tickets.find(({ key }) => key === link.externalKey);
          const assignees = ticket?.assignees ?? [];
          const isShown = shows(assignment?.assignee?.id ?? null, assignees, {
            ours: link.ours,
            isHeld: link.heldVersion !== null && link.heldVersion >= (assignment?.version ?? 0),
            traits: traitsOf(link.provider),
          });
          const wanted = group?.group.status === 'resolved' ? 'closed' : 'open';
          if (!isShown || ticket?.status !== wanted) {
            found.push({ assignment, status: group?.group.status, link, ticket });
          }
        }
      }
      return found;
    },
  };
}

/** A stranger's choice stands, and so does who was there before somebody without an account. */
function shows(
  userId: string | null,
  assignees: readonly ExternalPerson[],
  link: {
    readonly ours: readonly ExternalPerson[];
    readonly isHeld: boolean;
    readonly traits: ReturnType<typeof traitsOf>;
  },
): boolean {
  if (link.isHeld) {
    return true;
  }
  if (userId === null) {
    return !assignees.some((one) => includesPerson(link.ours, one, link.traits));
  }
  const account = accounts[userId];
  return account === undefined || includesPerson(assignees, person(account), link.traits);
}

/** Others kept writing in between: the message comes again. */
function isForeseen(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'conflict';
}

function worldOf(shape: Shape) {
  const [acme, ...others] = smallWorld.organizations;
  const [core, ...teams] = smallWorld.teams;
  const switches = {
    sync_forward_assignment: true,
    sync_reverse_assignment: true,
    sync_status_forward: true,
    sync_status_reverse: true,
  };
  return {
    organizations: [{ ...acme!, features: ['integrations-issue-sync' as const] }, ...others],
    teams: [
      { ...core!, members: ['11', '12', '13'].map((user) => ({ user, isActive: true })) },
      ...teams,
    ],
    integrations: integrations.map(({ id, provider }) => ({
      id,
      provider,
      organization: 'acme',
      name: provider,
      baseUrl: 'https://tracker.example.com',
      secretRef: 'none',
      config: switches,
      actor: { externalId: 'bot', externalName: 'bot' },
    })),
    externalActors: integrations.flatMap(({ id }) =>
      Object.entries(accounts).map(([user, account]) => ({
        integration: id,
        user,
        externalId: account,
        externalName: account,
      })),
    ),
    links: shape.map(([group, ticket]) => ({
      group,
      integration: ticket === 'a' ? '501' : '502',
      key: ticketKeys[ticket],
    })),
  };
}
