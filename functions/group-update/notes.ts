import type { Activity } from '../../shared/domain/issues/activity.ts';
import { requireUser } from '../../shared/http/access.ts';
import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
import { parseNote } from '../../shared/http/schemas/issues/note.ts';
import { serializeActivity } from '../../shared/http/serializers/issues/activity.ts';
import {
  addNote,
  changeNote,
  deleteNote,
  type NoteTarget,
} from '../../shared/operations/issues/notes.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import type { GroupUpdateDeps } from './deps.ts';

/** Adds a note of the token's user to an issue. */
export const createIssueNote: Endpoint<
  'createIssueNote' | 'createOrganizationIssueNote',
  GroupUpdateDeps
> = async (deps, request) => {
  const target = await targetOf(deps, request);
  const note = await addNote(deps, target, parseNote(request.body));
  return { status: 201, body: await shown(deps, note) };
};

/** Changes a note of the token's user. */
export const updateIssueNote: Endpoint<
  'updateIssueNote' | 'updateOrganizationIssueNote',
  GroupUpdateDeps
> = async (deps, request) => {
  const target = { ...(await targetOf(deps, request)), noteId: request.params.note };
  const note = await changeNote(deps, target, parseNote(request.body));
  return { status: 200, body: await shown(deps, note) };
};

/** Deletes a note of the token's user. */
export const deleteIssueNote: Endpoint<
  'deleteIssueNote' | 'deleteOrganizationIssueNote',
  GroupUpdateDeps
> = async (deps, request) => {
  const target = await targetOf(deps, request);
  await deleteNote(deps, { ...target, noteId: request.params.note });
  return { status: 204 };
};

async function targetOf(
  deps: GroupUpdateDeps,
  { caller, organizations, params }: RequestOf<'createIssueNote' | 'createOrganizationIssueNote'>,
): Promise<NoteTarget> {
  const userId = requireUser(caller);
  const organizationIds = organizations.map(({ id }) => id);
  return { userId, organizationIds, groupId: await findIssue(deps, organizationIds, params.issue) };
}

async function shown(deps: GroupUpdateDeps, note: Activity) {
  const author = note.userId === null ? [] : [{ type: 'user', id: note.userId } as const];
  return serializeActivity(note, await namesOf(deps, author));
}
