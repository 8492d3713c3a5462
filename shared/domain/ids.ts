declare const kind: unique symbol;

/**
 * An id that says in its type whose it is: decimal text. Any text may be taken for one, as ids come
 * from requests, events and rows; but an id of one kind is never accepted for one of another, so
 * that two neighbouring ids cannot be swapped.
 */
type Id<Kind extends string> = string & { readonly [kind]?: Kind };

export type OrganizationId = Id<'organization'>;
export type ProjectId = Id<'project'>;
export type GroupId = Id<'group'>;
export type UserId = Id<'user'>;
export type TeamId = Id<'team'>;
/** One stay of a user in an organization: who leaves and comes back has another one. */
export type MembershipId = Id<'membership'>;
export type IntegrationId = Id<'integration'>;
/** A link between a group and an issue of a tracker. */
export type LinkId = Id<'link'>;
/** An endpoint that an organization's webhooks go to. */
export type WebhookId = Id<'webhook'>;
