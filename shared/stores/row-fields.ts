import { type Actor, actorFromText } from '../domain/actor.ts';
import type { GroupId, OrganizationId, ProjectId } from '../domain/ids.ts';
import type { SeenRelease } from '../domain/release.ts';
import type { ExternalPerson } from '../domain/sync/external-issue.ts';
import { damaged, type Field, object, optional, text } from './rows.ts';

/** The id of an organization. */
export const organizationId: Field<OrganizationId> = text;

/** The id of a project. */
export const projectId: Field<ProjectId> = text;

/** The id of a group. */
export const groupId: Field<GroupId> = text;

/** A user or a team in the text form, `user:11`. */
export const actor: Field<Actor> = (value, at) =>
  actorFromText(text(value, at)) ?? damaged('an actor like user:11', value, at);

/** A release, and when it was first seen. */
export const release: Field<SeenRelease> = object<SeenRelease>({ version: text, firstSeen: text });

/** An account in a tracker. */
export const externalPerson: Field<ExternalPerson> = object<ExternalPerson>({
  externalId: text,
  externalName: text,
  email: optional(text),
});
