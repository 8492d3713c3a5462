import type { Activity } from '../../shared/domain/issues/activity.ts';
import { requireUser } from '../../shared/http/access.ts';
import type { ApiReply, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { parseNote } from '../../shared/http/schemas/issues/note.ts';
import { serializeActivity } from '../../shared/http/serializers/issues/activity.ts';
import {
  addNote,
  changeNote,
  deleteNote,
  type NoteTarget,
} from '../../shared/operations/issues/notes.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import type { GroupUpdateDeps } from './deps.ts';

/** Adds a note of the token's user to an issue. */
export const createIssueNote: Endpoint<
  'createIssueNote' | 'createOrganizationIssueNote',
  GroupUpdateDeps
> = (deps, request) =>
  answerForTarget(deps, request, async (target) => {
    const note = await addNote(deps, target, parseNote(request.body));
    return { status: 201, body: await shown(deps, note) };
  });

/** Changes a note of the token's user. */
export const updateIssueNote: Endpoint<
  'updateIssueNote' | 'updateOrganizationIssueNote',
  GroupUpdateDeps
> = (deps, request) =>
  answerForTarget(deps, request, async (target) => {
    const named = { ...target, noteId: request.params.note };
    const note = await changeNote(deps, named, parseNote(request.body));
    return { status: 200, body: await shown(deps, note) };
  });

/** Deletes a note of the token's user. */
export const deleteIssueNote: Endpoint<
  'deleteIssueNote' | 'deleteOrganizationIssueNote',
  GroupUpdateDeps
> = (deps, request) =>
  answerForTarget(deps, request, async (target) => {
    await deleteNote(deps, { ...target, noteId: request.params.note });
    return { status: 204 };
  });

async function answerForTarget(
  deps: GroupUpdateDeps,
  request: RequestOf<'createIssueNote' | 'createOrganizationIssueNote'>,
  answer: (target: NoteTarget) => Promise<ApiReply>,
): Promise<ApiReply> {
  const userId = requireUser(request.caller);
  const organizationIds = request.organizations.map(({ id }) => id);
  return answerForIssue(deps, request, (groupId) => answer({ userId, organizationIds, groupId }));
}

async function shown(deps: GroupUpdateDeps, note: Activity) {
  const author = note.userId === null ? [] : [{ type: 'user', id: note.userId } as const];
  return serializeActivity(note, await namesOf(deps, author));
}
