import {
  type ExternalPerson,
  includesPerson,
  samePeople,
} from '../../../shared/domain/sync/external-issue.ts';
import { inbound, outbound } from './sync-workers.ts';
import {
  createSyncWorld,
  type Group,
  type Hint,
  human,
  type Link,
  personOf,
  type Shape,
  type Ticket,
  type Webhook,
} from './sync-world.ts';

type Message = Hint | Webhook;
type Worker = { readonly message: Message; readonly steps: Generator<void, void> };

export type SyncModel = ReturnType<typeof createSyncModel>;

/**
 * The rules of sync at work in a world where everything that can go wrong does: workers crash,
 * stall and write late, webhooks are lost, doubled and reordered. An `index` picks one of what
 * there is.
 */
export function createSyncModel(shape: Shape) {
  const world = createSyncWorld(shape);
  const { queue, links } = world;
  const workers: Worker[] = [];
  const processed = new Set<string>();

  /** First in, first out per link and per ticket, one at a time. */
  const messageGroupId = (message: Message) =>
    message.kind === 'hint' ? message.link.name : message.ticket.name;
  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list[index % Math.max(list.length, 1)];
  const webhooks = () => queue.filter(({ kind }) => kind === 'webhook');

  function start(message: Message) {
    const steps =
      message.kind === 'hint' ? outbound(world, message) : inbound(world, processed, message);
    workers.push({ message, steps });
  }

  function received(message: Message): Message {
    return message.kind === 'hint' ? { ...message, receives: message.receives + 1 } : message;
  }

  return {
    groups: world.groups,
    tickets: world.tickets,
    links,
    writes: world.writes,
    wait: (ms: number) => void world.pass(ms),
    pending: () => queue.length + workers.length,

    assignHere: (group: Group, user: string | null) =>
      world.assign(group, user, world.pass(130), null),

    assignThere(ticket: Ticket, people: readonly ExternalPerson[]) {
      // Trackers say nothing when nothing changed.
      if (!samePeople(ticket.assignees, people, ticket.traits)) {
        world.change(ticket, people, human);
      }
    },

    /** Takes up a message. Webhooks arrive in any order. */
    begin(index: number) {
      const busy = new Set(workers.map(({ message }) => messageGroupId(message)));
      const isFirst = (message: Message) =>
        queue.find((other) => messageGroupId(other) === messageGroupId(message)) === message;
      const open = queue.filter(
        (message) =>
          !busy.has(messageGroupId(message)) && (message.kind === 'webhook' || isFirst(message)),
      );
      const message = pick(open, index);
      if (message !== undefined) {
        queue.splice(queue.indexOf(message), 1);
        start(message);
      }
    },

    step(index: number) {
      const worker = pick(workers, index);
      if (worker?.steps.next().done === true) {
        workers.splice(workers.indexOf(worker), 1);
      }
    },

    /** The worker dies between two steps; its message comes again. */
    crash(index: number) {
      const worker = pick(workers, index);
      if (worker !== undefined) {
        workers.splice(workers.indexOf(worker), 1);
        queue.push(received(worker.message));
      }
    },

    /** The worker sleeps longer than its message is hidden: another one takes it up beside it. */
    stall(index: number) {
      const worker = pick(workers, index);
      if (worker?.message.kind === 'hint') {
        const name = messageGroupId(worker.message);
        const twins = workers.filter(({ message }) => messageGroupId(message) === name);
        if (twins.length === 1) {
          start(received(worker.message));
        }
      }
    },

    lose(index: number) {
      const webhook = pick(webhooks(), index);
      if (webhook !== undefined) {
        queue.splice(queue.indexOf(webhook), 1);
      }
    },

    double(index: number) {
      const webhook = pick(webhooks(), index);
      if (webhook !== undefined) {
        queue.push(webhook);
      }
    },

    /**
     * Every webhook so far is delivered once more, as if for the first time; all but those from the
     * second of our own last write to their ticket, whose order with it no clock tells.
     */
    replay() {
      const isOfLastWrite = ({ ticket, externalVersion: { atMs } }: Webhook) =>
        links.some(
          ({ ticket: of, state }) => of === ticket && state.lastWrittenVersion?.atMs === atMs,
        );
      const again = world.sent.filter((webhook) => !isOfLastWrite(webhook));
      queue.push(...again.map((webhook, at) => ({ ...webhook, id: `replay-${at}` })));
    },

    sweep() {
      for (const link of links) {
        world.hint(link, { verify: true });
      }
    },

    /** Whether a ticket shows what its group says. */
    agrees({ group, ticket, state }: Link): boolean {
      const goal = personOf(group.assignee);
      const held = state.heldVersion !== null && state.heldVersion >= group.version;
      // A stranger's choice stands, and so does who was there before somebody without an account.
      if (held || (group.assignee !== null && goal === null)) {
        return true;
      }
      return goal === null
        ? !ticket.assignees.some((one) => includesPerson(state.ours, one, ticket.traits))
        : includesPerson(ticket.assignees, goal, ticket.traits);
    },
  };
}
