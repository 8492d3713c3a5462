import {
  type ExternalIssue,
  type ExternalPerson,
  type ExternalVersion,
  includesPerson,
  type ProviderTraits,
} from '../../../shared/domain/sync/external-issue.ts';
import type { LinkState } from '../../../shared/domain/sync/link-state.ts';
import type { OnDrift } from '../../../shared/domain/sync/outbound.ts';
import type { SlotChange } from '../../../shared/domain/sync/slot.ts';

export const own: ExternalPerson = { externalId: 'bot', externalName: 'bot' };
export const human: ExternalPerson = { externalId: 'human', externalName: 'human' };
export const person = (id: string): ExternalPerson => ({ externalId: id, externalName: id });

/** Users u1 and u2 are p1 and p2 in the trackers; nobody stands for u3, or for p3. */
export function personOf(user: string | null): ExternalPerson | null {
  return user === 'u1' || user === 'u2' ? person(user.replace('u', 'p')) : null;
}

export function userOf({ externalId }: ExternalPerson): string | null {
  return externalId === 'p1' || externalId === 'p2' ? externalId.replace('p', 'u') : null;
}

export type Group = {
  name: string;
  version: number;
  assignee: string | null;
  decidedAtMs: number;
  sourceLink: string | null;
};

export type Ticket = {
  name: string;
  traits: ProviderTraits;
  assignees: readonly ExternalPerson[];
  atMs: number;
};

export type Link = {
  name: string;
  group: Group;
  ticket: Ticket;
  state: LinkState;
  /** Rises with every write: what a conditional write presents. */
  revision: number;
};

/** A message that asks for a look at a link. */
export type Hint = {
  kind: 'hint';
  link: Link;
  verify: boolean;
  onDrift: OnDrift;
  receives: number;
};

export type Webhook = {
  kind: 'webhook';
  ticket: Ticket;
  id: string;
  assignees: readonly ExternalPerson[];
  externalVersion: ExternalVersion;
  actor: ExternalPerson;
};

export type Shape = {
  readonly tickets: readonly { readonly name: string; readonly traits: ProviderTraits }[];
  readonly links: readonly (readonly [group: string, ticket: string])[];
};

const fresh: LinkState = {
  syncedVersion: 0,
  syncedStatusVersion: 0,
  ours: [],
  inflight: null,
  watermark: null,
  lastWrittenVersion: null,
  lastExternal: null,
  heldVersion: null,
};

export type SyncWorld = ReturnType<typeof createSyncWorld>;

/** Groups, tickets and the links between them as plain objects, with the messages they set off. */
export function createSyncWorld(shape: Shape) {
  const tickets: Ticket[] = shape.tickets.map((one) => ({ ...one, assignees: [], atMs: 0 }));
  const groups = new Map<string, Group>();
  const links = shape.links.map(([groupName, ticketName], index): Link => {
    const unassigned = { version: 0, assignee: null, decidedAtMs: 0, sourceLink: null };
    const group = groups.get(groupName) ?? { name: groupName, ...unassigned };
    groups.set(groupName, group);
    const ticket = tickets.find(({ name }) => name === ticketName)!;
    return { name: `link-${index}`, group, ticket, state: fresh, revision: 0 };
  });
  const queue: (Hint | Webhook)[] = [];
  const sent: Webhook[] = [];
  let nowMs = 1_000_000;
  let writes = 0;

  function pass(ms: number): number {
    nowMs += ms;
    return nowMs;
  }

  function hint(link: Link, options: { verify?: boolean; onDrift?: OnDrift } = {}) {
    const { verify = false, onDrift = 'adopt' } = options;
    queue.push({ kind: 'hint', link, verify, onDrift, receives: 0 });
  }

  function change(ticket: Ticket, assignees: readonly ExternalPerson[], actor: ExternalPerson) {
    ticket.assignees = ticket.traits.capacity === 'one' ? assignees.slice(0, 1) : assignees;
    // A tracker's clock has seconds.
    ticket.atMs = Math.floor(pass(130) / 1_000) * 1_000;
    const externalVersion = { atMs: ticket.atMs, rev: null };
    const id = `delivery-${sent.length}`;
    const webhook: Webhook = {
      kind: 'webhook',
      ticket,
      id,
      assignees: ticket.assignees,
      externalVersion,
      actor,
    };
    sent.push(webhook);
    queue.push(webhook);
  }

  return {
    tickets,
    groups: [...groups.values()],
    links,
    queue,
    sent,
    pass,
    hint,
    change,
    now: () => nowMs,
    writes: () => writes,

    siblingsOf: (link: Link) => links.filter((one) => one !== link && one.ticket === link.ticket),

    /** A conditional write. */
    save(link: Link, state: LinkState, revision = link.revision): boolean {
      if (link.revision !== revision) {
        return false;
      }
      link.state = state;
      link.revision += 1;
      return true;
    },

    assign(group: Group, assignee: string | null, decidedAtMs: number, source: Link | null) {
      if (group.assignee === assignee) {
        return;
      }
      Object.assign(group, { assignee, decidedAtMs, sourceLink: source?.name ?? null });
      group.version += 1;
      for (const link of links.filter((one) => one.group === group)) {
        hint(link);
      }
    },

    read({ name, assignees, atMs }: Ticket): ExternalIssue {
      const externalVersion = { atMs, rev: null };
      return { key: name, stableId: name, assignees, status: 'open', externalVersion, lock: null };
    },

    write(ticket: Ticket, { add, remove }: SlotChange) {
      writes += 1;
      const left = ticket.assignees.filter((one) => !includesPerson(remove, one, ticket.traits));
      const added = add.filter((one) => !includesPerson(left, one, ticket.traits));
      change(ticket, [...added, ...left], own);
    },
  };
}
