/**
 * Ids that stand side by side in signatures have types of their own, so that two of them cannot be
 * swapped. They are decimal text; who reads one from outside names its kind with `as...Id`.
 */

declare const kind: unique symbol;
type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type OrganizationId = Id<'organization'>;
export type ProjectId = Id<'project'>;
export type GroupId = Id<'group'>;

/** The id of an organization, as it came from a request, an event or a row. */
export function asOrganizationId(text: string): OrganizationId {
  return text as OrganizationId;
}

/** The id of a project, as it came from a request, an event or a row. */
export function asProjectId(text: string): ProjectId {
  return text as ProjectId;
}

/** The id of a group, as it came from a request, an event or a row. */
export function asGroupId(text: string): GroupId {
  return text as GroupId;
}
