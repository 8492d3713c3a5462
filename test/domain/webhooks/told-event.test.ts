import { expect, it } from 'vitest';
import type { EventData, EventType } from '../../../shared/domain/events.ts';
import { type Told, type ToldEvent, toldOf } from '../../../shared/domain/webhooks/told-event.ts';

const alice = { type: 'user', id: '11' } as const;
const core = { type: 'team', id: '21' } as const;

function told<T extends ToldEvent['type'] & EventType>(type: T, data: EventData[T]): Told | null {
  const envelope = {
    ...{ eventId: 'e', aggregateId: 'group:101', version: 7, occurredAt: '', requestId: 'r' },
    ...{ organizationId: '1', projectId: '31', groupId: '101' },
  };
  return toldOf({ type, detail: { ...envelope, data } } as unknown as ToldEvent);
}

const assigned = (previous: typeof core | null) =>
  told('issue.assigned', {
    ...{ assignee: alice, previous, isFirstAssignment: previous === null, source: null },
  });
const status = (to: string) =>
  told('issue.status_changed', {
    ...{ status: to, substatus: null, source: null },
    previous: { status: 'unresolved', substatus: 'new' },
  });
const was = { other: { status: 'unresolved', substatus: 'new' } };

it.each<[string, Told | null, Told | null]>([
  [
    'an assignment from nobody',
    assigned(null),
    {
      type: 'issue.assigned',
      before: { assignedTo: null },
      after: { assignedTo: alice },
      version: 7,
    },
  ],
  [
    'an assignment from somebody',
    assigned(core),
    {
      type: 'issue.reassigned',
      before: { assignedTo: core },
      after: { assignedTo: alice },
      version: 7,
    },
  ],
  [
    'the end of an assignment',
    told('issue.unassigned', { previous: core, source: null }),
    {
      type: 'issue.unassigned',
      before: { assignedTo: core },
      after: { assignedTo: null },
      version: 7,
    },
  ],
  [
    'another owning team',
    told('issue.owner_changed', { previous: null, current: core, source: 'auto' }),
    {
      type: 'issue.owner_changed',
      before: { ownerTeam: null },
      after: { ownerTeam: core },
      version: 7,
    },
  ],
  [
    'a holder who may not hold it',
    told('issue.orphaned', { assignee: alice, cause: 'left' }),
    {
      type: 'issue.orphaned',
      before: { assignedTo: alice },
      after: { assignedTo: alice, other: { cause: 'left' } },
      version: 7,
    },
  ],
  [
    'a lease about to end',
    told('issue.lease_ending', { assignee: alice, expiresAt: 'then' }),
    {
      type: 'issue.lease_ending',
      before: { assignedTo: alice },
      after: { assignedTo: alice, other: { assignmentExpiresAt: 'then' } },
      version: 7,
    },
  ],
  ...(['resolved', 'unresolved', 'ignored'] as const).map((to): [string, Told | null, Told] => [
    `the status ${to}`,
    status(to),
    {
      type: `issue.${to}`,
      before: was,
      after: { other: { status: to, substatus: null } },
      version: 7,
    },
  ]),
  ['a status that nobody sees', status('pending_merge'), null],
  [
    'a merge',
    told('issue.merged', { children: ['102'] }),
    { type: 'issue.merged', before: null, after: { other: { children: ['102'] } }, version: null },
  ],
  [
    'a birth',
    told('issue.created', { shortId: 'SHOP-1', title: 'x' }),
    { type: 'issue.created', before: null, after: null, version: null },
  ],
  [
    'a deletion',
    told('issue.deleted', { shortId: 'SHOP-1', title: 'x' }),
    { type: 'issue.deleted', before: null, after: null, version: null },
  ],
  [
    'rules that were saved',
    told('ownership.changed', { changed: ['raw'], source: 'ownership' }),
    {
      type: 'ownership.changed',
      before: null,
      after: { other: { changed: ['raw'], source: 'ownership' } },
      version: 7,
    },
  ],
  [
    'a project that was changed',
    told('project.updated', { changed: { name: ['a', 'b'] } }),
    {
      type: 'project.updated',
      before: { other: { name: 'a' } },
      after: { other: { name: 'b' } },
      version: 7,
    },
  ],
  [
    'a project that is gone',
    told('project.deleted', { slug: 'shop' }),
    { type: 'project.deleted', before: { other: { slug: 'shop' } }, after: null, version: 7 },
  ],
  [
    'a project that is back',
    told('project.restored', { slug: 'shop' }),
    { type: 'project.restored', before: null, after: { other: { slug: 'shop' } }, version: 7 },
  ],
])('tells of %s', (_, found, expected) => {
  expect(found).toEqual(expected);
});
