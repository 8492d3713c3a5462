import type { Actor } from '../actor.ts';
import type { BusEvent, EventType } from '../events.ts';
import type { WebhookType } from './webhook-types.ts';

/** The types of the bus's events that webhooks tell of. */
export const TOLD_TYPES = [
  'issue.created',
  'issue.assigned',
  'issue.unassigned',
  'issue.owner_changed',
  'issue.orphaned',
  'issue.lease_ending',
  'issue.status_changed',
  'issue.merged',
  'issue.deleted',
  'ownership.changed',
  'project.created',
  'project.updated',
  'project.deleted',
  'project.restored',
] as const satisfies readonly EventType[];

const toldTypes: ReadonlySet<string> = new Set(TOLD_TYPES);

/** Whether webhooks tell of events of a type. */
export function isToldType(type: string): boolean {
  return toldTypes.has(type);
}

/** An event that webhooks tell of. */
export type ToldEvent = BusEvent<(typeof TOLD_TYPES)[number]>;

/** A side of a change: who holds or owns the issue, still without names, and what else it is. */
export type ToldState = {
  readonly assignedTo?: Actor | null;
  readonly ownerTeam?: Actor | null;
  readonly other?: Readonly<Record<string, unknown>>;
};

/** What an event says in a webhook, before names are read. */
export type Told = {
  readonly type: WebhookType;
  readonly before: ToldState | null;
  readonly after: ToldState | null;
  /** Of the family of the type; null where it has none. */
  readonly version: number | null;
};

const statusTypes: ReadonlyMap<string, WebhookType> = new Map([
  ['resolved', 'issue.resolved'],
  ['unresolved', 'issue.unresolved'],
  ['ignored', 'issue.ignored'],
] as const);

/** What an event says in a webhook; null where nobody is told of it. */
export function toldOf(event: ToldEvent): Told | null {
  const { version } = event.detail;
  switch (event.type) {
    case 'issue.created':
    case 'issue.deleted':
      return { type: event.type, before: null, after: null, version: null };
    case 'issue.merged': {
      const { children } = event.detail.data;
      return { type: event.type, before: null, after: { other: { children } }, version: null };
    }
    case 'issue.status_changed':
      return statusChange(event.detail.data, version);
    case 'ownership.changed': {
      const { changed, source } = event.detail.data;
      const after = { other: { changed, source } };
      return { type: event.type, before: null, after, version };
    }
    case 'project.created':
    case 'project.updated':
    case 'project.deleted':
    case 'project.restored':
      return projectChange(event);
    default:
      return holderChange(event);
  }
}

type HolderEvent = Extract<
  ToldEvent,
  {
    readonly type:
      | 'issue.assigned'
      | 'issue.unassigned'
      | 'issue.owner_changed'
      | 'issue.orphaned'
      | 'issue.lease_ending';
  }
>;

function holderChange(event: HolderEvent): Told {
  const { version } = event.detail;
  switch (event.type) {
    case 'issue.assigned': {
      const { assignee, previous } = event.detail.data;
      const type = previous === null ? 'issue.assigned' : 'issue.reassigned';
      const before = { assignedTo: previous };
      return { type, before, after: { assignedTo: assignee }, version };
    }
    case 'issue.unassigned': {
      const before = { assignedTo: event.detail.data.previous };
      return { type: event.type, before, after: { assignedTo: null }, version };
    }
    case 'issue.owner_changed': {
      const { previous, current } = event.detail.data;
      const before = { ownerTeam: previous };
      return { type: event.type, before, after: { ownerTeam: current }, version };
    }
    case 'issue.orphaned': {
      const { assignee, cause } = event.detail.data;
      const after = { assignedTo: assignee, other: { cause } };
      return { type: event.type, before: { assignedTo: assignee }, after, version };
    }
    case 'issue.lease_ending': {
      const { assignee, expiresAt } = event.detail.data;
      const after = { assignedTo: assignee, other: { assignmentExpiresAt: expiresAt } };
      return { type: event.type, before: { assignedTo: assignee }, after, version };
    }
  }
}

function statusChange(
  {
    status,
    substatus,
    previous,
  }: Extract<ToldEvent, { readonly type: 'issue.status_changed' }>['detail']['data'],
  version: number,
): Told | null {
  const type = statusTypes.get(status);
  return type === undefined
    ? null
    : { type, before: { other: previous }, after: { other: { status, substatus } }, version };
}

type ProjectEvent = Extract<ToldEvent, { readonly type: `project.${string}` }>;

function projectChange(event: ProjectEvent): Told {
  const { version } = event.detail;
  switch (event.type) {
    case 'project.created':
      return { type: event.type, before: null, after: { other: event.detail.data }, version };
    case 'project.updated': {
      const sides = Object.entries(event.detail.data.changed);
      const before = { other: Object.fromEntries(sides.map(([name, [old]]) => [name, old])) };
      const after = { other: Object.fromEntries(sides.map(([name, [, next]]) => [name, next])) };
      return { type: event.type, before, after, version };
    }
    case 'project.deleted':
      return { type: event.type, before: { other: event.detail.data }, after: null, version };
    case 'project.restored':
      return { type: event.type, before: null, after: { other: event.detail.data }, version };
  }
}

/** The actors that are to be named. */
export function actorsIn({ before, after }: Pick<Told, 'before' | 'after'>): Actor[] {
  return [before, after].flatMap((side) =>
    [side?.assignedTo, side?.ownerTeam].flatMap((actor) => actor ?? []),
  );
}
