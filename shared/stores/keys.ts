import type {
  GroupId,
  IntegrationId,
  LinkId,
  OrganizationId,
  ProjectId,
  TeamId,
  UserId,
} from '../domain/ids.ts';

/**
 * Every key of the table, spelled once, with what reading it costs; the keys of its indexes are in
 * `index-keys.ts`, those of operations over many issues in `operation-keys.ts`, of webhooks in
 * `webhook-keys.ts`. Reads are counted in round trips; "one Query" means one round trip a page of
 * 1 MB.
 *
 * - a group, its assignment: BatchGet on its partition, 100 rows a round trip
 * - where a group went that is not there: BatchGet of its row and of what is left of it
 * - everything of a group: one Query of its partition
 * - what users have set of a group (bookmark, view, subscription), and subscriptions of teams: one
 *   Query of its partition, `SUB#`; what one user has set of groups: BatchGet
 * - who follows a group for holding it: with its assignment, or BatchGet of pages, `FOLLOWERS#`
 * - a group by short id: get of the short id's row, then the group
 * - groups of a project by last seen, by status: Query of gsi3 `P#{project}#{status}`, newest
 *   first
 * - groups of an organization by last seen, by status: Query of gsi4
 *   `O#{organization}#{status}#{shard}` for each of 8 shards, newest first
 * - what a team follows as one: Query of gsi3 `S#{organization}#{team}`
 * - groups assigned to an actor: Query of gsi3 `A#{organization}#{actor}`
 * - groups that a team owns: Query of gsi3 `T#{organization}#{team}`, by project
 * - open issues of an organization whose holder may not hold them: Query of gsi4
 *   `ORPHAN#{organization}`, the latest assigned first
 * - groups that a user has bookmarked: Query of gsi3 `B#{organization}#{user}`
 * - groups whose archive ends: Query of gsi2 `UNSNOOZE`, the earliest first
 * - assignments that end by themselves: Query of gsi2 `LEASE#{shard}` for each of 8 shards, the
 *   earliest first
 * - activity of a group, newest first: Query of its partition, `ACTIVITY#`, backwards
 * - notes of a group, newest first: Query of its partition, `NOTEAT#`, backwards, then BatchGet of
 *   their activities; one of them: get; whether its author has another one: Query of the
 *   partition, `NOTEBY#{author}`, two rows; which one says a text: get
 * - project by id with its teams: one Query of its partition, `A#`
 * - project by organization and slug: get of the slug's row, then the project
 * - projects, teams, members of an organization: Query of the organization's partition, then
 *   BatchGet
 * - a user with all memberships: one Query of the user's partition
 * - whether a user's token still reaches organizations: BatchGet of the user and their
 *   memberships there
 * - who was added by e-mail and is pending: one Query of the organization's partition; get by
 *   id, BatchGet by addresses
 * - a team with its members: one Query of the team's partition
 * - a user by user name or e-mail: one Query of the login's partition
 * - a token: get by its SHA-256
 * - the tokens of an organization, of a user; one of them by its id: one Query of the
 *   organization's or the user's partition, `TOKEN#`, then BatchGet
 * - all organizations: Query of gsi2 `ORGANIZATION`, by slug
 * - the deletion of a project: get; the pages of groups whose removal has begun: one Query of
 *   the project's partition, `REMOVAL#`
 * - deletions that somebody has to look after: Query of gsi2 `DELETION`, the earliest first
 * - who bookmarked a project: BatchGet of the user's marks in the projects' partitions
 * - a user's notification settings of a project: get
 * - the client keys of a project: one Query of its partition, `CLIENTKEY`
 * - one client key by its public part: get of its row
 * - how many events a limited key has taken in a window: one update of its row
 * - ownership of a project; its CODEOWNERS: one Query each of the project's partition
 * - the versions of a project's rules, newest first: one Query of its partition, `RULESVERSION#`,
 *   backwards; what one holds: one Query for each of its texts, `RULESTEXT#{hash}#`
 * - the owners of a group: one Query of its partition, `OWNER`
 * - the groups that fingerprints lead to, the events that were counted: BatchGet by hashes
 * - when a release was first seen in a project, which is its newest: get
 * - links of a group: one Query of its partition, `LINK#`
 * - links to an external issue: Query of gsi3 `L#{integration}#{key}`, then BatchGet
 * - links that are behind, links at rest that are watched: Query of gsi2 `SYNC#{state}#{shard}`,
 *   by the end of their watch
 * - integrations, external actors of an organization: Query of its partition (then BatchGet for
 *   integrations)
 * - whom an external account stands for, and the reverse: one Query of the integration's
 *   partition
 * - whether a webhook was applied to a link: get, or the condition of the transaction that
 *   applies it
 * - the endpoints of an organization's webhooks, and what keeps their changes apart: one Query of
 *   its partition, `WEBHOOK`
 * - whether somebody is sending to an endpoint, and when there is something to send: get
 * - what is to be sent to an endpoint, the earliest first: Query of its partition, `DUE#`
 * - deliveries of an endpoint, newest first: Query of its partition, `DELIVERY#`, backwards; some
 *   of them: BatchGet
 * - what a delivery says: get
 * - changes that wait to be sent together: one Query of the endpoint's partition,
 *   `GATHERED#{key}#`
 * - endpoints that there is something to send to: Query of gsi2 `WEBHOOK`, the earliest first
 * - whether a namespace of ids was ever used: get
 * - which world has made something: BatchGet
 * - what became of a request that named a key: one Query of the record's partition
 * - an operation over many issues: get; those of an organization, newest first, all of them or
 *   those of one state: one Query, then BatchGet; how many are under way: one Query
 * - what became of the issues of an operation: BatchGet by issue, or a Query of each of 4 shards
 * - which operation a project is taken by: get
 * - events recorded since a time (`eventsSince`): one Query an hour and shard, 16 at once
 */

/** The address of one item. */
export type Key = { readonly pk: string; readonly sk: string };

/**
 * Longer than any slug, short id or address: the table refuses keys that are too long, so nobody
 * asks it for these.
 */
const LONGEST_NAME = 320;

/** Whether a name from outside can be part of a key. */
export function isKeyable(name: string): boolean {
  return name.length <= LONGEST_NAME;
}

/** A key for logs and messages, without the logins, addresses and account names in some keys. */
export function printableKey({ pk, sk }: Key): string {
  const hidden = (part: string) => part.replace(/^(LOGIN|PENDINGEMAIL|ACCOUNT)#.*/, '$1#...');
  return `${hidden(pk)} ${hidden(sk)}`;
}

/** How many partitions the event records of one hour are spread over. */
export const OUTBOX_SHARDS = 16;

export const groupKeys = {
  partition: (groupId: GroupId) => `G#${groupId}`,
  group: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#GROUP' }),
  assignment: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#ASSIGNMENT' }),
  /** That a team owns the group, for the list of what it owns. */
  ownerTeam: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#OWNERTEAM' }),
  subscriptionPrefix: 'SUB#',
  /** Whether and why somebody is subscribed; a user's bookmark and view of the group as well. */
  subscription: (groupId: GroupId, type: 'user' | 'team', id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `SUB#${type}:${id}`,
  }),
  /** One of the pages that list the followers of an assignment, where they are many. */
  followers: (groupId: GroupId, page: number): Key => ({
    pk: `G#${groupId}`,
    sk: `FOLLOWERS#${page}`,
  }),
  activityPrefix: 'ACTIVITY#',
  activity: (groupId: GroupId, at: string, position: number, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `ACTIVITY#${at}#${position}#${id}`,
  }),
  notePrefix: 'NOTE#',
  /** A note by its id; what it says is with the activity. */
  note: (groupId: GroupId, id: string): Key => ({ pk: `G#${groupId}`, sk: `NOTE#${id}` }),
  noteAtPrefix: 'NOTEAT#',
  /** The same in the order of time. */
  noteAt: (groupId: GroupId, at: string, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTEAT#${at}#${id}`,
  }),
  noteByPrefix: 'NOTEBY#',
  notesByPrefix: (userId: UserId) => `NOTEBY#${userId}#`,
  /** The same among those of its author. */
  noteBy: (groupId: GroupId, userId: UserId, id: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTEBY#${userId}#${id}`,
  }),
  noteTextPrefix: 'NOTETEXT#',
  /** The note that says a text, by the hash of its author and the text. */
  noteText: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `NOTETEXT#${hash}`,
  }),
  /** Rows that activities had beside them until December 2026; now the activities say it. */
  historyPrefix: 'HISTORY#',
  /** Bookmarks and views had rows of their own until December 2026; now users' rows say both. */
  bookmarkPrefix: 'BOOKMARK#',
  bookmark: (groupId: GroupId, userId: UserId): Key => ({
    pk: `G#${groupId}`,
    sk: `BOOKMARK#${userId}`,
  }),
  seenPrefix: 'SEEN#',
  seen: (groupId: GroupId, userId: UserId): Key => ({ pk: `G#${groupId}`, sk: `SEEN#${userId}` }),
  ownerPrefix: 'OWNER#',
  /**
   * Owners sort as auto-assignment prefers them: by type, then by when and in which order they were
   * found.
   */
  owner: (groupId: GroupId, type: number, at: string, position: number): Key => ({
    pk: `G#${groupId}`,
    sk: `OWNER#${type}#${at}#${String(position).padStart(4, '0')}`,
  }),
  /**
   * The group's owners and, sorted before the first of them, the row that keeps their replacements
   * apart.
   */
  ownersPrefix: 'OWNER',
  ownersVersion: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'OWNER!' }),
  /** The event that the group's owners were last evaluated on. */
  evaluatedEvent: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'EVENT' }),
  affectedUserPrefix: 'AFFECTED#',
  /** A user whom an event of the group happened to, by the hash of who they are. */
  affectedUser: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `AFFECTED#${hash}`,
  }),
  fingerprintPrefix: 'FINGERPRINT#',
  /** With the group, a fingerprint that leads to it. */
  fingerprint: (groupId: GroupId, hash: string): Key => ({
    pk: `G#${groupId}`,
    sk: `FINGERPRINT#${hash}`,
  }),
  /** The fingerprint that the group was begun by, with the event that it was begun with. */
  firstFingerprint: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'FINGERPRINT#FIRST' }),
  linkPrefix: 'LINK#',
  link: (groupId: GroupId, linkId: LinkId): Key => ({ pk: `G#${groupId}`, sk: `LINK#${linkId}` }),
  /** Where a group went that was merged into another one. */
  mergedInto: (groupId: GroupId): Key => ({ pk: `G#${groupId}`, sk: 'A#MERGEDINTO' }),
  mergedGroupPrefix: 'MERGEDGROUP#',
  /** With the group that took it in, a group that was merged into it. */
  mergedGroup: (groupId: GroupId, childId: GroupId): Key => ({
    pk: `G#${groupId}`,
    sk: `MERGEDGROUP#${childId}`,
  }),
  shortId: (organizationId: OrganizationId, shortId: string): Key => ({
    pk: `SHORTID#${organizationId}#${shortId.toUpperCase()}`,
    sk: 'SHORTID',
  }),
};

export const projectKeys = {
  partition: (projectId: ProjectId) => `P#${projectId}`,
  /**
   * The project's own row and its teams share this prefix: one Query gives both and nothing else.
   */
  corePrefix: 'A#',
  project: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'A#PROJECT' }),
  team: (projectId: ProjectId, teamId: TeamId): Key => ({
    pk: `P#${projectId}`,
    sk: `A#TEAM#${teamId}`,
  }),
  slug: (organizationId: OrganizationId, slug: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PROJECTSLUG#${slug}`,
  }),
  slugPrefix: 'PROJECTSLUG#',
  bookmark: (projectId: ProjectId, userId: UserId): Key => ({
    pk: `P#${projectId}`,
    sk: `BOOKMARK#${userId}`,
  }),
  /** The project's client keys, and the row that keeps their changes apart. */
  clientKeyPrefix: 'CLIENTKEY',
  clientKey: (projectId: ProjectId, id: string): Key => ({
    pk: `P#${projectId}`,
    sk: `CLIENTKEY#${id}`,
  }),
  clientKeysVersion: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'CLIENTKEY!' }),
  /** What is left of a project that was deleted. */
  tombstone: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'TOMBSTONE' }),
  removalPagePrefix: 'REMOVAL#',
  /** Groups of a project that is being deleted which a worker has begun to remove. */
  removalPage: (projectId: ProjectId, id: string): Key => ({
    pk: `P#${projectId}`,
    sk: `REMOVAL#${id}`,
  }),
  notificationSettingsPrefix: 'NOTIFICATIONS#',
  notificationSettings: (projectId: ProjectId, userId: UserId): Key => ({
    pk: `P#${projectId}`,
    sk: `NOTIFICATIONS#${userId}`,
  }),
};

/** A row with a project. */
const inProject = (projectId: ProjectId, sk: string): Key => ({ pk: `P#${projectId}`, sk });

export const ownershipKeys = {
  /**
   * The settings, the text in its parts, the tests, and the version of all of them and of the
   * project's CODEOWNERS.
   */
  prefix: 'OWNERSHIP#',
  version: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#VERSION'),
  settings: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#SETTINGS'),
  text: (projectId: ProjectId, part: number) => inProject(projectId, `OWNERSHIP#TEXT#${part}`),
  tests: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#TESTS'),
  versionPrefix: 'RULESVERSION#',
  /** What a save made of the rules: it names the texts that it holds. */
  keptVersion: (projectId: ProjectId, version: number) =>
    inProject(projectId, `RULESVERSION#${String(version).padStart(12, '0')}`),
  /** A part of a text of kept versions, by the hash of the text: each text lies there once. */
  keptTextPrefix: (hash: string) => `RULESTEXT#${hash}#`,
  keptText: (projectId: ProjectId, hash: string, part: number) =>
    inProject(projectId, `RULESTEXT#${hash}#${part}`),
  codeownersPrefix: 'CODEOWNERS#',
  codeowners: (projectId: ProjectId, id: string) => inProject(projectId, `CODEOWNERS#${id}#A`),
  codeownersText: (projectId: ProjectId, id: string, part: number) =>
    inProject(projectId, `CODEOWNERS#${id}#TEXT#${part}`),
};

/** What events from outside are known by. */
export const seenKeys = {
  /** Which group of a project a fingerprint leads to, by the hash of the fingerprint. */
  fingerprint: (projectId: ProjectId, hash: string): Key => ({
    pk: `P#${projectId}`,
    sk: `FINGERPRINT#${hash}`,
  }),
  /** That an event was counted, by the hash of its id within its project. */
  delivery: (projectId: ProjectId, hash: string): Key => ({
    pk: `DELIVERY#${projectId}#${hash}`,
    sk: 'DELIVERY',
  }),
  /** How many events a client key with a limit has taken, by the second its window began in. */
  keyUse: (projectId: ProjectId, key: string, start: number): Key => ({
    pk: `KEYUSE#${projectId}#${key}`,
    sk: String(start),
  }),
};

/** The releases that events of a project named. */
export const releaseKeys = {
  /** A release by the hash of its version. */
  release: (projectId: ProjectId, hash: string): Key => ({
    pk: `P#${projectId}`,
    sk: `RELEASE#${hash}`,
  }),
  newest: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'RELEASE!NEWEST' }),
};

/** That a world which was seeded into a stage has made something, and may write it again. */
export const seedKeys = {
  claim: (kind: string, id: string): Key => ({ pk: `SEED#${kind}#${id}`, sk: 'SEED' }),
};

/** What is known of the requests that named a key, so that none of them is done twice. */
export const repeatKeys = {
  /** `reach` is the organization, or a hash of those that the token reaches; `hash` the key's. */
  record: (reach: string, tokenId: string, hash: string): Key => ({
    pk: `REPEAT#${reach}#${tokenId}#${hash}`,
    sk: 'A#REPEAT',
  }),
  bodyPrefix: 'BODY#',
  body: (reach: string, tokenId: string, hash: string, part: number): Key => ({
    pk: `REPEAT#${reach}#${tokenId}#${hash}`,
    sk: `BODY#${part}`,
  }),
};

/** A namespace of snowflake ids, e.g. `project:0`. */
export const namespaceKeys = {
  used: (namespace: string): Key => ({ pk: `NAMESPACE#${namespace}`, sk: 'NAMESPACE' }),
};

export const directoryKeys = {
  organizationPartition: (organizationId: OrganizationId) => `O#${organizationId}`,
  organization: (organizationId: OrganizationId): Key => ({
    pk: `O#${organizationId}`,
    sk: 'A#ORG',
  }),
  organizationSlug: (slug: string): Key => ({ pk: `ORGSLUG#${slug}`, sk: 'ORGSLUG' }),
  memberPrefix: 'MEMBER#',
  member: (organizationId: OrganizationId, userId: UserId): Key => ({
    pk: `O#${organizationId}`,
    sk: `MEMBER#${userId}`,
  }),
  pendingMemberPrefix: 'PENDINGMEMBER#',
  pendingMember: (organizationId: OrganizationId, id: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PENDINGMEMBER#${id}`,
  }),
  /** The same by the address, in lower case: an address is pending once in an organization. */
  pendingEmail: (organizationId: OrganizationId, email: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PENDINGEMAIL#${email}`,
  }),
  teamSlugPrefix: 'TEAMSLUG#',
  teamSlug: (organizationId: OrganizationId, slug: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `TEAMSLUG#${slug}`,
  }),
  teamPartition: (teamId: TeamId) => `T#${teamId}`,
  /** The team's row sorts before its members: one Query up to the last member gives both. */
  team: (teamId: TeamId): Key => ({ pk: `T#${teamId}`, sk: 'A#TEAM' }),
  teamMember: (teamId: TeamId, userId: UserId): Key => ({
    pk: `T#${teamId}`,
    sk: `MEMBER#${userId}`,
  }),
  teamProjectPrefix: 'PROJECT#',
  teamProject: (teamId: TeamId, projectId: ProjectId): Key => ({
    pk: `T#${teamId}`,
    sk: `PROJECT#${projectId}`,
  }),
  userPartition: (userId: UserId) => `U#${userId}`,
  user: (userId: UserId): Key => ({ pk: `U#${userId}`, sk: 'A#USER' }),
  userMember: (userId: UserId, organizationId: OrganizationId): Key => ({
    pk: `U#${userId}`,
    sk: `MEMBER#${organizationId}`,
  }),
  /** That a user was a member of an organization and left it. */
  leftOrganization: (userId: UserId, organizationId: OrganizationId): Key => ({
    pk: `U#${userId}`,
    sk: `LEFT#${organizationId}`,
  }),
  userTeam: (userId: UserId, organizationId: OrganizationId, teamId: TeamId): Key => ({
    pk: `U#${userId}`,
    sk: `TEAM#${organizationId}#${teamId}`,
  }),
  tokenPrefix: 'TOKEN#',
  userToken: (userId: UserId, hash: string): Key => ({ pk: `U#${userId}`, sk: `TOKEN#${hash}` }),
  organizationToken: (organizationId: OrganizationId, hash: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `TOKEN#${hash}`,
  }),
  /**
   * User names and e-mail addresses in lower case; user names sort first, so the first hit is the
   * user name's.
   */
  loginPartition: (login: string) => `LOGIN#${login}`,
  login: (login: string, kind: 'username' | 'email', userId: UserId): Key => ({
    pk: `LOGIN#${login}`,
    sk: `${kind === 'username' ? '0' : '1'}#${userId}`,
  }),
  /** That a user name is taken: it sorts behind the rows that find people. */
  usernameClaim: (login: string): Key => ({ pk: `LOGIN#${login}`, sk: 'TAKEN' }),
  token: (hash: string): Key => ({ pk: `TOKEN#${hash}`, sk: 'TOKEN' }),
};

/** Trackers, and who is who there. */
export const integrationKeys = {
  partition: (integrationId: IntegrationId) => `I#${integrationId}`,
  integration: (integrationId: IntegrationId): Key => ({
    pk: `I#${integrationId}`,
    sk: 'A#INTEGRATION',
  }),
  organizationPrefix: 'INTEGRATION#',
  ofOrganization: (organizationId: OrganizationId, integrationId: IntegrationId): Key => ({
    pk: `O#${organizationId}`,
    sk: `INTEGRATION#${integrationId}`,
  }),
  externalActorPrefix: 'EXTERNALACTOR#',
  externalActor: (organizationId: OrganizationId, id: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `EXTERNALACTOR#${id}`,
  }),
  /**
   * An external actor by whom it stands for, by the account's stable id, or by its name in lower
   * case.
   */
  account: (
    integrationId: IntegrationId,
    by: 'actor' | 'id' | 'name',
    value: string,
    id: string,
  ): Key => ({
    pk: `I#${integrationId}`,
    sk: `ACCOUNT#${by}#${value}#${id}`,
  }),
  accountPrefix: (by: 'actor' | 'id' | 'name', value: string) => `ACCOUNT#${by}#${value}#`,
  /** That a webhook was applied to a link. */
  delivery: (integrationId: IntegrationId, deliveryId: string, linkId: LinkId): Key => ({
    pk: `DELIVERY#I#${integrationId}#${deliveryId}`,
    sk: `LINK#${linkId}`,
  }),
};

export const outboxKeys = {
  partition: (hour: string, shard: number) => `OUTBOX#${hour}#${shard}`,
  /**
   * `occurredAt` is ISO 8601: its first 13 characters are the hour. The shard follows from the
   * event's id.
   */
  record: (occurredAt: string, eventId: string): Key => ({
    pk: `OUTBOX#${occurredAt.slice(0, 13)}#${outboxShardOf(eventId)}`,
    sk: `${occurredAt}#${eventId}`,
  }),
  /** Sort keys from this one on belong to events of this time and later. */
  from: (occurredAt: string) => occurredAt,
};

/** Which of the hour's partitions an event's record lies in. */
export const outboxShardOf = (eventId: string): number => shardOf(eventId, OUTBOX_SHARDS);

/** Which of several partitions of equal weight an id lies in. */
export function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (const character of id) {
    hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  }
  return hash % shards;
}
