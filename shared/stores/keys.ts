/**
 * What is asked of the table, by which key, and what it costs. Each key is spelled once, in
 * `keys/<noun>-keys.ts`; those of the indexes in `keys/index-keys.ts`. Reads are counted in round
 * trips; "one Query" means one round trip a page of 1 MB.
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
 * - who bookmarked a project: BatchGet of the user's bookmarks in the projects' partitions
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

/** Which of several partitions of equal weight an id lies in. */
export function shardOf(id: string, shards: number): number {
  let hash = 0;
  for (const character of id) {
    hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  }
  return hash % shards;
}
