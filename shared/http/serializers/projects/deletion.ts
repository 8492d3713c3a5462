import type { Deletion } from '../../../domain/projects/deletion.ts';

/** The deletion of a project, as its progress is shown. */
export function serializeDeletion(deletion: Deletion) {
  const { state, requestedAt, startedAt, finishedAt, deletedGroups, deletedItems } = deletion;
  return {
    state,
    requestedAt,
    startedAt,
    finishedAt,
    deleted: { groups: deletedGroups, items: deletedItems },
  };
}
