import type { GroupId, OrganizationId, ProjectId } from '../domain/ids.ts';

/**
 * Every key that Baton stores in Redis. The braces are literal: only the part between them decides
 * the slot, so all keys of one group, and all keys of one project, are on one shard and can be used
 * in one command or script.
 */

/**
 * `[assigned, unixSeconds]` as JSON: whether the group has an assignee, and when that was known.
 */
export const assigneeExistsKey = (groupId: GroupId) => `assignee_exists:1:{${groupId}}`;

/**
 * `unixSeconds` as JSON: when the rules were last evaluated for the group (the debounce of the
 * evaluation).
 */
export const ownerExistsKey = (groupId: GroupId) => `owner_exists:1:{${groupId}}`;

/** `unixSeconds` as JSON: when the project's ownership rules last changed. */
export const ownershipVersionKey = (projectId: ProjectId) => `ownership_version:1:{${projectId}}`;

/** Unix seconds: when the meaning of owners' names last changed in the organization. */
export const organizationOwnershipVersionKey = (organizationId: OrganizationId) =>
  `organization_ownership_version:1:{${organizationId}}`;

/** The organization's version for which the project's own version was last raised. */
export const followedOwnershipVersionKey = (projectId: ProjectId) =>
  `ownership_version_followed:1:{${projectId}}`;

/**
 * `[row | false, unixSeconds]` as JSON: the project's ownership settings, `false` when it has none.
 */
export const projectOwnershipKey = (projectId: ProjectId) =>
  `projectownership_project_id:1:{${projectId}}`;

/** `[row | false, unixSeconds]` as JSON: the project's CODEOWNERS, `false` when it has none. */
export const projectCodeownersKey = (projectId: ProjectId) =>
  `projectcodeowners_project_id:1:{${projectId}}`;

/** A set of group ids: those whose owners were evaluated in the project's current minute. */
export const issueOwnersRateLimitKey = (projectId: ProjectId) =>
  `issue_owner_assignment_ratelimiter:{${projectId}}`;

/** A list of unix microseconds: the caller's accepted calls of one operation, newest first. */
export const requestRateLimitKey = (caller: string, operation: string) =>
  `ratelimit:{${caller}}:${operation}`;

/** A hash without a TTL: the counters of one namespace of snowflake ids. */
export const snowflakeKey = (namespace: string) => `snowflake:{${namespace}}`;
