import { providers } from '../../shared/domain/sync/external-issue.ts';

/** What a field means, and its schema where the endpoint's own says nothing. */
export type Field = string | { readonly description: string; readonly [key: string]: unknown };

/**
 * What the fields of bodies mean. A name means the same wherever it is used, or is explained here
 * as what it means everywhere.
 */
export const FIELDS: Readonly<Record<string, Field>> = {
  // Issues.
  assignedTo: {
    description:
      'Whom the issue is assigned to: `user:12`, `team:21`, a user’s id, name or address, or a team’s slug with `#`. Null or empty text unassigns it.',
    type: ['string', 'null'],
    maxLength: 320,
  },
  ownerTeam: {
    description:
      'The team that owns the issue: `team:21`, or `team:` and a slug. Null takes it back.',
    type: ['string', 'null'],
    maxLength: 320,
  },
  assignmentExpires:
    'After how many seconds the assignment ends by itself. Null lets it stay; absent, it is as it was.',
  assignedBy: {
    description: 'Which tool assigns it; events and activities repeat it.',
    type: ['string', 'null'],
  },
  integration: {
    description: 'The chat from which it is assigned; events repeat it.',
    type: ['string', 'null'],
  },
  status: 'The new status. `muted` is an older word for `ignored`.',
  substatus: 'Why an issue is ignored or unresolved. Without `status` it implies one.',
  statusDetails: 'What ends the new status, or in which release the issue is resolved.',
  inNextRelease: 'Resolved in the release after the present one.',
  inUpcomingRelease: 'Resolved in the upcoming release.',
  inRelease: 'Resolved in this release; `latest` is the latest one.',
  inCommit: 'Baton knows no commits: refused.',
  commit: {
    description:
      'The commit that is suspected, an object with `authorEmail`; in `inCommit` its name.',
    type: ['object', 'string', 'null'],
  },
  repository: 'The repository of the commit.',
  ignoreDuration: 'Ignored for so many minutes.',
  ignoreCount: 'Ignored until it was seen so often again.',
  ignoreWindow: 'The minutes in which it has to be seen so often.',
  ignoreUserCount: 'Ignored until so many more users have seen it.',
  ignoreUserWindow: 'The minutes in which so many users have to see it.',
  snoozeDuration: 'An older name of `ignoreDuration`.',
  priority: 'How important it is.',
  hasSeen: 'Whether the user of the token has seen it.',
  isBookmarked: 'Whether the user of the token has bookmarked it.',
  isSubscribed: 'Whether the user of the token is told of what happens to it.',
  isPublic: 'Whether it can be shared by its `shareId`.',
  inbox: 'False takes it out of what waits for review.',
  merge: 'Merges the named issues into one.',
  discard:
    'Deletes it and whatever happens of it from now on. Nothing else can be changed with it.',
  text: 'What the note says.',
  note: 'What people are to know of the plan; its operation has it as well.',
  query: 'A search for the issues, as in their list; empty text finds every issue.',
  ids: 'The issues, by ids or short ids.',
  update: 'What is to be changed of each issue, as in its update; `{"delete": true}` deletes.',

  mentions: 'Who is mentioned, as `user:12` or `team:21`: they are subscribed to the issue.',

  // What many things have.
  name: 'What people call it.',
  slug: 'Its name in addresses: letters, digits and hyphens. Chosen by Baton where it is empty or absent.',
  key: 'The issue in its tracker, such as `acme/shop#7` or `SHOP-7`, or its address.',
  externalIssue: 'The issue in its tracker, such as `acme/shop#7` or `SHOP-7`, or its address.',
  repo: 'On GitHub the repository: that of a new issue, or where `externalIssue` is a number alone.',
  title: 'The title of the new issue.',
  summary: 'The title of a new Jira issue, as Sentry’s form calls it.',
  description: 'The text of the new issue; what people say of an endpoint of webhooks.',
  project: 'The project of the new issue: its key, path, name or number, as its tracker has them.',
  issuetype: 'The type of a new Jira issue by its name or number; `Task` unless it is named.',
  work_item_type: 'The type of a new work item of Azure DevOps; `Task` unless it is named.',

  // Projects.
  platform: 'What the project is written in, such as `python`. Empty or null for none.',
  default_rules: 'Accepted, and without an effect: Baton has no alert rules.',
  origin: 'Accepted, and without an effect.',
  teams: 'All teams that the project is to have, by id or slug.',
  options: 'Options by their names, such as `sentry:resolve_age`. Null removes one.',
  copy_from_project: 'The id or slug of a project whose ownership is copied.',
  resolveAge: 'Issues not seen for so many hours are resolved; null or 0 for never.',
  defaultEnvironment: 'The environment that people look at first.',
  subjectPrefix: 'What subjects of mails begin with.',
  subjectTemplate: 'How subjects of mails are made.',
  digestsMinDelay: 'The least seconds between two digests.',
  digestsMaxDelay: 'The most seconds between two digests.',
  allowedDomains: 'The domains from which events are taken.',
  scrapeJavaScript: 'Whether sources of JavaScript are fetched.',
  securityToken: 'Sent with requests for sources.',
  securityTokenHeader: 'The header that it is sent in.',
  verifySSL: 'Whether certificates are checked where sources are fetched.',
  fingerprintingRules: 'Rules that group events by fingerprints of their own.',
  groupingEnhancements: 'Rules that change how stack traces are grouped.',
  groupingConfig: 'The name of the way in which events are grouped.',
  highlightTags: 'Tags that are shown first.',
  highlightContext: 'Values of contexts that are shown first, by context.',
  alerts: 'Whether to tell of alerts.',
  workflow: 'Whether to tell of what happens to issues.',
  deploy: 'Whether to tell of deploys.',

  // Client keys.
  isActive: 'False switches it off; a membership in a team can only be true.',
  rateLimit: 'How many events are taken; null for as many as there are.',
  count: 'So many events.',
  window: 'In so many seconds.',
  browserSdkVersion: 'The version of the SDK that is loaded.',
  dynamicSdkLoaderOptions: 'What the loader loads.',
  hasReplay: 'Whether it loads session replay.',
  hasPerformance: 'Whether it loads tracing.',
  hasDebug: 'Whether it loads the bundle for debugging.',
  hasFeedback: 'Whether it loads the feedback form.',
  hasLogsAndMetrics: 'Whether it loads logs and metrics.',

  // Ownership.
  raw: 'The rules as text, one a line; of a CODEOWNERS file its text.',
  fallthrough: 'Whether everybody owns what no rule matches.',
  autoAssignment: {
    description: 'Whether issues are assigned to their owners by themselves.',
    type: 'string',
    enum: [
      'Auto Assign to Issue Owner',
      'Auto Assign to Suspect Commits',
      'Turn off Auto-Assignment',
    ],
  },
  codeownersAutoSync: 'Whether CODEOWNERS files follow their repository.',
  event: {
    description: 'An event as Sentry sends it: `exception`, `tags`, `request` and the like.',
    type: 'object',
  },
  tests: {
    description:
      'What the rules have to say of events, at most 100: `expect` is `#slug`, an address, or null for nobody.',
  },
  id: 'The id of a file that is there; a new one has none.',
  codeowners: 'CODEOWNERS files: by `id` in place of one that is there, without it a new one.',
  expect: 'Whom the issue has to go to: `#slug`, an address, or null for nobody.',
  skipTests: 'Saves although tests fail; the answer says which in `failedTests`.',
  force: 'Leaves out of the rules who is gone, and says so in `leftOut`.',
  codeMapping: 'How paths of the file become paths of stack traces.',
  sourceRoot: 'What paths in the repository begin with.',
  stackRoot: 'What stands in its place in stack traces.',

  // Organizations, teams and members.
  dryRun: 'True only says what would be done: nothing of any issue is written.',
  orphanPolicy:
    'What becomes of an issue whose assignment ends by itself: `reroute` gives it to whom today’s rules name, the others unassign it.',
  openMembership: 'Whether every member may join every team.',
  user: 'A user that the token reaches: an id, a user name or an address.',
  email: 'The address of somebody who becomes a pending member.',
  orgRole: 'The role in the organization.',
  role: 'An older name of `orgRole`; of a team `contributor`, the only role there.',
  teamRoles: 'All teams that they are to be in.',
  teamSlug: 'The slug of the team.',
  teamRole: 'The role in the team. Empty for the least one.',

  // Trackers.
  provider: { description: 'Which kind of tracker it is.', examples: providers },
  baseUrl: 'The root of the tracker’s API.',
  config: 'Switches and policies; what is absent stays as it is.',
  sync_forward_assignment: 'Whether assignments here reach the tracker.',
  sync_reverse_assignment: 'Whether assignments in the tracker reach Baton.',
  sync_status_forward: 'Whether a status here reaches the tracker.',
  sync_status_reverse: 'Whether a status in the tracker reaches Baton.',
  teamPolicy: 'What the tracker shows while a team has the issue: as before, or nobody.',
  unmappedPolicy: 'What the tracker shows while somebody it does not know has the issue.',
  integrationId: 'The id of the integration.',
  externalName: 'The account or group as people write it: `@octocat`.',
  externalId: 'The tracker’s id of the account or group.',
  userId: 'The id of the user that it is.',
  teamId: 'The id of the team that it is.',

  // Webhooks.
  url: 'The address that webhooks are sent to, beginning with https://.',
  events: 'The types that it hears of, or `*` for all of them.',
  projects: 'Only of these projects, by id or slug; without it, or where it may be null, of all.',
  batch: 'Whether changes of one type and one operation come in one body.',
  enabled: 'Whether anything is sent there.',
  since: 'From when on, ISO 8601.',
};
