import type { EventRecord } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { addSeconds, type Deletion, deletionStates } from '../../domain/projects/deletion.ts';
import type { Project, ProjectStatus } from '../../domain/projects/project.ts';
import {
  allOf,
  attributeIs,
  attributeIsNot,
  type Condition,
  doesNotExist,
  exists,
  leadsToProject,
  projectStatusIs,
  versionIs,
} from '../conditions.ts';
import { gsi2 } from '../keys/index-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { recordEvent } from '../outbox.ts';
import { organizationId, projectId } from '../row-fields.ts';
import { nullable, number, oneOf, rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { takeSlug } from './project-changes.ts';

/** How long a finished deletion is remembered. */
const TOMBSTONE_LIFE_SECONDS = 90 * 24 * 60 * 60;

export type DeletionStore = ReturnType<typeof createDeletionStore>;

/**
 * Deletions of projects: one row each, the tombstone. It is indexed by the time at which it is due
 * (`watchAt`): at first when the removal may start, then when a worker that has reported nothing
 * has to be taken for dead.
 */
export function createDeletionStore(table: Table, transact: Transact) {
  return {
    /** The deletion of a project; undefined where there is none. One round trip. */
    async ofProject(projectId: ProjectId): Promise<Deletion | undefined> {
      const item = await table.get(projectKeys.tombstone(projectId));
      return item && deletionFromItem(item);
    },

    /** A page of the deletions that were due by `now`, the earliest first. */
    async due(now: string, limit: number): Promise<Deletion[]> {
      const page = await table.queryPage({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk <= :now',
        ExpressionAttributeValues: { ':pk': gsi2.deletion, ':now': `${now}~` },
        Limit: limit,
      });
      return page.items.map(deletionFromItem);
    },

    /**
     * Accepts a deletion: the project's new state, its slug, which is free immediately, the
     * tombstone and the event, in one transaction. Refused by `project` when that has changed.
     */
    accept({ before, project, deletion, event }: Accepted) {
      return transact([
        changeState(before, project),
        freeSlug(before),
        {
          name: 'tombstone',
          put: {
            Item: tombstoneItem(deletion, deletion.startsAt),
            ...doesNotExist,
          },
        },
        recordEvent(event),
      ]);
    },

    /** Takes a deletion back that has not begun. Refused by `slug` when another project has it. */
    restore(restored: {
      readonly before: Project;
      readonly project: Project;
      readonly event: EventRecord;
    }) {
      return transact([
        changeState(restored.before, restored.project),
        takeSlug(restored.project),
        {
          name: 'tombstone',
          delete: { Key: projectKeys.tombstone(restored.project.id), ...stateIs('pending') },
        },
        recordEvent(restored.event),
      ]);
    },

    /**
     * Begins the removal, which cannot be taken back from here on. Refused when it was taken back,
     * or has begun.
     */
    begin(deletion: Deletion, startedAt: string, watchAt: string) {
      return transact([
        setStatus(deletion.projectId, 'pending_deletion', 'deletion_in_progress'),
        {
          name: 'tombstone',
          update: updateRow(
            projectKeys.tombstone(deletion.projectId),
            {
              set: {
                state: 'deleting',
                startedAt,
                gsi2sk: gsi2.due(watchAt, deletion.projectId),
              },
            },
            stateIs('pending'),
          ),
        },
      ]);
    },

    /**
     * Records the event by which another worker continues, and raises the fencing token. Refused by
     * `tombstone` when the token is no longer the one that was read.
     */
    continueLater(deletion: Deletion, event: EventRecord, watchAt: string) {
      return transact([
        {
          name: 'tombstone',
          update: updateRow(
            projectKeys.tombstone(deletion.projectId),
            {
              set: {
                turn: deletion.fencingToken + 1,
                gsi2sk: gsi2.due(watchAt, deletion.projectId),
              },
            },
            allOf(attributeIs('turn', deletion.fencingToken), attributeIsNot('state', 'done')),
          ),
        },
        recordEvent(event),
      ]);
    },

    /**
     * Removes the project's own row, the last one. The tombstone stays for another 90 days. Refused
     * when this was done already.
     */
    finish(deletion: Deletion, finishedAt: string, removedItems: number) {
      return transact([
        {
          name: 'project',
          delete: {
            Key: projectKeys.project(deletion.projectId),
            ...exists,
          },
        },
        {
          name: 'tombstone',
          update: updateRow(
            projectKeys.tombstone(deletion.projectId),
            {
              set: {
                state: 'done',
                finishedAt,
                expiresAt: secondsOf(addSeconds(finishedAt, TOMBSTONE_LIFE_SECONDS)),
              },
              remove: ['gsi2pk', 'gsi2sk'],
              add: { deletedItems: removedItems + 1 },
            },
            stateIs('deleting'),
          ),
        },
      ]);
    },
  };
}

export type Accepted = {
  readonly before: Project;
  readonly project: Project;
  readonly deletion: Deletion;
  readonly event: EventRecord;
};

/** Adds to the counts of a deletion; commits with the removal of the groups' own rows. */
export function tallyDeletion(
  projectId: ProjectId,
  groups: number,
  items: number,
): Write<'tombstone'> {
  return {
    name: 'tombstone',
    update: updateRow(
      projectKeys.tombstone(projectId),
      { add: { deletedGroups: groups, deletedItems: items } },
      exists,
    ),
  };
}

/**
 * Sets only what a deletion and a restoration change: the count of short ids may rise meanwhile.
 */
function changeState(before: Project, after: Project): Write<'project'> {
  const { status, slug, version } = after;
  return {
    name: 'project',
    update: updateRow(
      projectKeys.project(before.id),
      { set: { status, slug, version } },
      allOf(projectStatusIs(before.status), versionIs(before.version)),
    ),
  };
}

function setStatus(projectId: ProjectId, from: ProjectStatus, to: ProjectStatus): Write<'project'> {
  return {
    name: 'project',
    update: updateRow(
      projectKeys.project(projectId),
      { set: { status: to } },
      projectStatusIs(from),
    ),
  };
}

function freeSlug({ organizationId, slug, id }: Project): Write<'slug'> {
  return {
    name: 'slug',
    delete: {
      Key: projectKeys.slug(organizationId, slug),
      ...leadsToProject(id),
    },
  };
}

function stateIs(state: Deletion['state']): Condition {
  return attributeIs('state', state);
}

/** A deletion as the table holds it; the attribute `turn` is the fencing token. */
export function tombstoneItem(deletion: Deletion, watchAt: string): Item {
  const { fencingToken, ...attributes } = deletion;
  return {
    ...projectKeys.tombstone(deletion.projectId),
    entity: 'tombstone',
    ...attributes,
    turn: fencingToken,
    gsi2pk: gsi2.deletion,
    gsi2sk: gsi2.due(watchAt, deletion.projectId),
  };
}

const rowFromItem = rowReader<Omit<Deletion, 'fencingToken'> & { readonly turn: number }>({
  projectId,
  organizationId,
  state: oneOf(deletionStates),
  requestedAt: text,
  startsAt: text,
  startedAt: nullable(text),
  finishedAt: nullable(text),
  deletedGroups: number,
  deletedItems: number,
  turn: number,
});

function deletionFromItem(item: Item): Deletion {
  const { turn, ...deletion } = rowFromItem(item);
  return { ...deletion, fencingToken: turn };
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}
