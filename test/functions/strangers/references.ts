import type { Operation } from '../../../shared/http/routes.ts';
import { idNamedBy } from '../../../shared/stores/named-ids.ts';
import { firstClientKey } from '../../../shared/stores/projects/client-keys.ts';
import { linkIdOf } from '../../../shared/stores/sync/links.ts';
import { project } from '../../support/builders.ts';

/** What a reference of a request can name. */
export type Thing = keyof typeof things;

/** A thing of globex beside one of the same form that nobody has. */
export type Pair = { readonly foreign: string; readonly nobodys: string };

const pair = (foreign: string, nobodys: string): Pair => ({ foreign, nobodys });

const linkOf = (externalKey: string) =>
  linkIdOf({ groupId: '901', integrationId: '502', externalKey });
const accountOf = (externalId: string) => idNamedBy('externalActor', '502', externalId);

/** A delivery that an endpoint of globex has. */
export const DELIVERY = `${Date.now()}-told`;

const keyOf = (id: string) => firstClientKey(project({ id })).id;

/** Every way in which a thing of another organization can be called. */
export const things = {
  organization: [pair('globex', 'glubex'), pair('2', '8')],
  project: [pair('plant', 'plunt'), pair('39', '38')],
  team: [pair('opsteam', 'upsteam'), pair('29', '28')],
  projectId: [pair('39', '38')],
  teamId: [pair('29', '28')],
  noteId: [pair('9001', '9002')],
  operationId: [pair('8001', '8002')],
  planId: [pair('8101', '8102')],
  projectSlug: [pair('plant', 'plunt')],
  teamSlug: [pair('opsteam', 'upsteam')],
  userId: [pair('14', '94')],
  userName: [pair('dave', 'duve')],
  email: [pair('dave@globex.com', 'duve@globex.com')],
  issue: [pair('901', '908'), pair('PLANT-1', 'PLUNT-1')],
  integration: [pair('502', '508')],
  externalUser: [pair(accountOf('dave-id'), accountOf('duve-id'))],
  externalTeamId: [pair(accountOf('ops-id'), accountOf('ups-id'))],
  externalName: [pair('@dave-hub', '@duve-hub')],
  externalTeam: [pair('@globex-hub/ops', '@glubex-hub/ops')],
  link: [pair(linkOf('globex/plant#1'), linkOf('globex/plant#2'))],
  codeowners: [pair('1', '8')],
  webhook: [pair('701', '708')],
  publicKey: [pair(keyOf('39'), keyOf('38'))],
  provider: [],
  tag: [],
} satisfies Record<string, readonly Pair[]>;

/**
 * What a path names, by the parameter's name: a thing, and one of acme for where another part
 * is looked at.
 */
export const parameters: Readonly<Record<string, { readonly thing: Thing; readonly own: string }>> =
  {
    org: { thing: 'organization', own: 'acme' },
    project: { thing: 'project', own: 'shop' },
    projectId: { thing: 'projectId', own: '31' },
    team: { thing: 'team', own: 'core' },
    member: { thing: 'userId', own: '12' },
    issue: { thing: 'issue', own: '101' },
    shortId: { thing: 'issue', own: 'SHOP-1' },
    integration: { thing: 'integration', own: '501' },
    integrationId: { thing: 'integration', own: '501' },
    externalUser: { thing: 'externalUser', own: accountOf('nobody-id') },
    externalTeam: { thing: 'externalTeamId', own: accountOf('nobodys-id') },
    tag: { thing: 'tag', own: 'environment' },
    note: { thing: 'noteId', own: '9003' },
    key: { thing: 'publicKey', own: keyOf('31') },
    operation: { thing: 'operationId', own: '8003' },
    plan: { thing: 'planId', own: '8103' },
    link: { thing: 'link', own: linkOf('acme/shop#1') },
    id: { thing: 'codeowners', own: '7' },
    version: { thing: 'provider', own: '0' },
    webhook: { thing: 'webhook', own: '702' },
    delivery: { thing: 'provider', own: DELIVERY },
    provider: { thing: 'provider', own: 'github' },
  };

/**
 * What a request says with one thing in it; what it does not say is as for any other case of the
 * route.
 */
type Said = {
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
};

/** One reference in the query or the body of a route: to what, and how a request says it. */
type Reference = {
  readonly name: string;
  readonly to: readonly Thing[];
  readonly say: (named: string) => Said;
};

/**
 * What a route can be told beside its path, and the body that it needs for its path to be looked
 * at.
 */
export type RouteReferences = {
  readonly body?: unknown;
  readonly references: readonly Reference[];
};

const inQuery = (
  name: string,
  to: readonly Thing[],
  text = (named: string) => named,
): Reference => ({
  name: `?${name}`,
  to,
  say: (named) => ({ query: { [name]: [text(named)] } }),
});

const inBody = (
  name: string,
  to: readonly Thing[],
  body: (named: string) => unknown = (named) => ({ [name]: named }),
): Reference => ({ name, to, say: (named) => ({ body: body(named) }) });

const people: readonly Thing[] = ['userId', 'userName', 'email'];

/** Whom and what a search for issues can name. */
const searched: readonly Reference[] = [
  inQuery('query', people, (named) => `assigned:${named}`),
  inQuery('query', people, (named) => `bookmarks:${named}`),
  inQuery('query', ['userId'], (id) => `assigned:user:${id}`),
  inQuery('query', ['team'], (named) => `assigned:#${named}`),
  inQuery('query', ['team'], (named) => `assigned:team:${named}`),
  inQuery('query', ['project'], (named) => `project:${named}`),
  inQuery('query', ['issue'], (named) => `issue:${named}`),
];
const inProjects = inQuery('project', ['project']);
const byIds = inQuery('id', ['issue']);
const ofLink = inQuery('externalIssue', ['link']);

const seen = { hasSeen: true };
/**
 * What bulk requests are refused for or not, they are for both alike: a name, not the lack of one,
 * is looked at.
 */
const assigned: readonly Reference[] = [
  inBody('ownerTeam', ['team'], (named) => ({ ownerTeam: `team:${named}` })),
  inBody('assignedTo', people),
  inBody('assignedTo', ['userId'], (id) => ({ assignedTo: `user:${id}` })),
  inBody('assignedTo', ['team'], (named) => ({ assignedTo: `team:${named}` })),
];
const assignedInBulk = assigned.map(
  (reference): Reference => ({
    ...reference,
    say: (named) => ({ ...reference.say(named), query: { id: ['101'] } }),
  }),
);
const searchedFor = (body: unknown) =>
  [...searched, byIds].map(
    (reference): Reference => ({
      ...reference,
      say: (named) => ({ body, ...reference.say(named) }),
    }),
  );
/** Whom an update that is planned can name. */
const planned = assigned.map(({ name, to, say }) =>
  inBody(name, to, (of) => ({ ids: ['101'], update: say(of).body })),
);
const aNote = { text: 'Seen on staging.' };
const mentioned: readonly Reference[] = [
  inBody('mentions', ['userId'], (id) => ({ ...aNote, mentions: [`user:${id}`] })),
  inBody('mentions', ['teamId'], (id) => ({ ...aNote, mentions: [`team:${id}`] })),
];
const allResolved = { query: '', update: { status: 'resolved' } };
const nothing: RouteReferences = { references: [] };
const ownershipText = (named: string) => ({ raw: `path:src/* ${named}` });
const codeownersText = (named: string) => ({ raw: `*.py ${named}` });
const account = { integrationId: '501', externalName: '@somebody', userId: '12' };
const group = { integrationId: '501', externalName: '@acme/somebody', teamId: '21' };
const hooks = { url: 'https://hooks.acme.example/', events: ['*'] };
const named: readonly Thing[] = ['externalName', 'externalTeam', 'email'];

/**
 * What each route can be told beside its path. A route that is not here does not compile: whoever
 * adds one says here what its query and its body can name.
 */
export const references: Readonly<Record<Operation, RouteReferences>> = {
  getIndex: nothing,
  getAuth: nothing,
  listRegions: nothing,
  listOrganizations: {
    references: [
      inQuery('query', ['organization']),
      inQuery('query', ['organization'], (slug) => `slug:${slug}`),
    ],
  },
  getOrganization: nothing,
  listOrganizationProjects: { references: [inQuery('query', ['project'])] },
  listOrganizationTeams: { references: [inQuery('query', ['team'])] },
  listOrganizationMembers: {
    references: [
      inQuery('query', people),
      inQuery('query', ['email'], (address) => `email:${address}`),
      inQuery('query', ['userId'], (id) => `user.id:${id}`),
    ],
  },
  listProjects: { references: [inQuery('query', ['project'])] },
  getProject: nothing,
  listProjectKeys: { references: [inQuery('query', ['publicKey'])] },

  getProjectKey: nothing,
  createProjectKey: { body: { name: 'Ci' }, references: [] },
  updateProjectKey: { body: { name: 'Default' }, references: [] },
  deleteProjectKey: nothing,
  updateOrganization: { body: {}, references: [inBody('slug', ['organization'])] },

  createProject: {
    body: { name: 'Fresh' },
    references: [inBody('slug', ['projectSlug'], (slug) => ({ name: 'Fresh', slug }))],
  },
  updateProject: {
    body: { name: 'Shop' },
    references: [
      inBody('teams', ['team'], (team) => ({ teams: [team] })),
      inBody('copy_from_project', ['project']),
      inBody('slug', ['projectSlug']),
    ],
  },
  getNotificationSettings: nothing,
  updateNotificationSettings: { body: { alerts: 'never' }, references: [] },
  deleteProject: nothing,
  restoreProject: nothing,
  getDeletion: nothing,

  getMember: nothing,
  listOrganizationUsers: {
    references: [
      inQuery('query', people),
      inQuery('query', ['userId'], (id) => `user.id:${id}`),
      inProjects,
    ],
  },
  listProjectMembers: { references: [inQuery('query', people)] },
  listProjectTeams: { references: [inQuery('query', ['team'])] },
  getTeam: nothing,
  listTeamMembers: { references: [inQuery('query', people)] },
  listTeamProjects: { references: [inQuery('query', ['project'])] },
  updateTeam: { body: { name: 'Core' }, references: [inBody('slug', ['teamSlug'])] },
  updateMember: {
    body: { orgRole: 'member' },
    references: [inBody('teamRoles', ['team'], (team) => ({ teamRoles: [{ teamSlug: team }] }))],
  },
  updateTeamMember: { body: { teamRole: 'contributor' }, references: [] },

  createTeam: { references: [inBody('slug', ['teamSlug'])] },
  deleteTeam: nothing,
  deleteMember: nothing,
  addMember: {
    body: { user: 'nobody-at-all' },
    references: [
      inBody('user', people),
      inBody('user', ['userId'], (id) => ({ user: `user:${id}`, role: 'owner' })),
      inBody('email', ['email']),
      inBody('teamRoles', ['team'], (team) => ({
        email: 'fresh@globex.com',
        teamRoles: [{ teamSlug: team }],
      })),
    ],
  },
  joinTeam: nothing,
  leaveTeam: nothing,
  addProjectTeam: nothing,
  removeProjectTeam: nothing,

  getOwnership: nothing,
  updateOwnership: {
    body: { raw: '' },
    references: [
      inBody('raw', ['email'], ownershipText),
      inBody('raw', ['team'], (team) => ownershipText(`#${team}`)),
    ],
  },
  listOwnershipVersions: nothing,
  getOwnershipVersion: nothing,
  restoreOwnershipVersion: nothing,
  previewOwnership: { references: [] },
  evaluateOwnership: {
    body: { event: {} },
    references: [
      inBody('commit', ['email'], (authorEmail) => ({ event: {}, commit: { authorEmail } })),
    ],
  },
  listCodeowners: nothing,
  getCodeowners: nothing,
  createCodeowners: { body: { raw: '' }, references: [inBody('raw', named, codeownersText)] },
  updateCodeowners: { body: { raw: '' }, references: [inBody('raw', named, codeownersText)] },
  deleteCodeowners: nothing,
  explainOwnership: nothing,

  listIntegrations: { references: [inQuery('query', ['integration'], (id) => `id:${id}`)] },
  createIntegration: { body: {}, references: [] },
  getIntegration: nothing,
  updateIntegration: { body: { name: 'x' }, references: [] },
  configureIntegration: { body: { teamPolicy: 'keep' }, references: [] },
  deleteIntegration: nothing,
  listExternalUsers: { references: [inQuery('query', ['externalName'])] },
  createExternalUser: {
    body: account,
    references: [
      inBody('userId', ['userId'], (userId) => ({ ...account, userId })),
      inBody('integrationId', ['integration'], (id) => ({ ...account, integrationId: id })),
    ],
  },
  updateExternalUser: {
    body: account,
    references: [inBody('userId', ['userId']), inBody('integrationId', ['integration'])],
  },
  deleteExternalUser: nothing,
  listExternalTeams: { references: [inQuery('query', ['externalTeam'])] },
  createExternalTeam: {
    body: group,
    references: [
      inBody('teamId', ['team'], (teamId) => ({ ...group, teamId })),
      inBody('integrationId', ['integration'], (id) => ({ ...group, integrationId: id })),
    ],
  },
  updateExternalTeam: {
    body: group,
    references: [inBody('teamId', ['team']), inBody('integrationId', ['integration'])],
  },
  deleteExternalTeam: nothing,
  listExternalIssues: nothing,
  linkExternalIssue: {
    body: { integrationId: '501', key: 'acme/shop#1' },
    references: [
      inBody('integrationId', ['integration'], (id) => ({ integrationId: id, key: 'acme/shop#1' })),
    ],
  },
  unlinkExternalIssue: nothing,
  listIssueIntegrations: nothing,
  listOrganizationIssueIntegrations: nothing,
  getIssueIntegration: nothing,
  getOrganizationIssueIntegration: nothing,
  createTrackerIssue: { body: { title: 'x' }, references: [] },
  createOrganizationTrackerIssue: { body: { title: 'x' }, references: [] },
  linkIssueIntegration: { body: { externalIssue: 'acme/shop#1' }, references: [] },
  linkOrganizationIssueIntegration: { body: { externalIssue: 'acme/shop#1' }, references: [] },
  unlinkIssueIntegration: { references: [ofLink] },
  unlinkOrganizationIssueIntegration: { references: [ofLink] },
  receiveWebhook: { body: {}, references: [] },
  receiveEnvelope: { body: {}, references: [inQuery('sentry_key', ['publicKey'])] },
  receiveEvent: { body: {}, references: [inQuery('sentry_key', ['publicKey'])] },

  listProjectIssues: { references: [...searched, byIds] },
  listOrganizationIssues: { references: [...searched, byIds, inProjects] },
  getOrganizationIssue: nothing,
  getIssue: nothing,
  resolveShortId: nothing,
  listIssueActivities: nothing,
  getLatestEvent: nothing,
  listIssueEvents: nothing,
  listOrganizationIssueEvents: nothing,
  listIssueTags: nothing,
  listOrganizationIssueTags: nothing,
  getIssueTag: nothing,
  getOrganizationIssueTag: nothing,
  listIssueTagValues: nothing,
  listOrganizationIssueTagValues: nothing,
  listIssueHashes: nothing,
  listOrganizationIssueHashes: nothing,
  listRepositories: nothing,
  listOrphanedAssignments: nothing,
  getMemberImpact: nothing,
  getTeamImpact: nothing,
  reconcileOwnership: { body: { dryRun: true }, references: [] },
  sweepOrphans: { body: { dryRun: true }, references: [] },
  listOperations: nothing,
  getOperation: nothing,
  listOperationIssues: nothing,
  cancelOperation: nothing,
  revertOperation: nothing,
  createPlan: {
    body: { ids: ['101'], update: { status: 'resolved' } },
    references: [
      ...planned,
      inBody('projects', ['project'], (slug) => ({ ...allResolved, projects: [slug] })),
    ],
  },
  listPlans: nothing,
  getPlan: nothing,
  listPlanIssues: nothing,
  applyPlan: nothing,
  listIssueNotes: nothing,
  listOrganizationIssueNotes: nothing,
  createIssueNote: { body: aNote, references: mentioned },
  createOrganizationIssueNote: { body: aNote, references: mentioned },
  updateIssueNote: { body: aNote, references: [] },
  updateOrganizationIssueNote: { body: aNote, references: mentioned },
  deleteIssueNote: nothing,
  deleteOrganizationIssueNote: nothing,
  updateProjectIssues: { body: seen, references: [...searchedFor(seen), ...assignedInBulk] },
  updateOrganizationIssues: {
    body: seen,
    references: [
      ...searchedFor(seen),
      ...assignedInBulk,
      {
        ...inProjects,
        say: (project) => ({ body: seen, query: { project: [project], id: ['101'] } }),
      },
    ],
  },
  updateOrganizationIssue: { body: seen, references: assigned },
  updateIssue: { body: seen, references: assigned },
  deleteProjectIssues: { references: searchedFor(undefined) },
  deleteOrganizationIssues: {
    references: [
      ...searchedFor(undefined),
      { ...inProjects, say: (project) => ({ query: { project: [project], id: ['101'] } }) },
    ],
  },
  deleteOrganizationIssue: nothing,
  deleteIssue: nothing,

  listWebhooks: nothing,
  createWebhook: {
    body: hooks,
    references: [inBody('projects', ['project'], (project) => ({ ...hooks, projects: [project] }))],
  },
  getWebhook: nothing,
  updateWebhook: {
    body: { description: 'x' },
    references: [inBody('projects', ['project'], (project) => ({ projects: [project] }))],
  },
  deleteWebhook: nothing,
  rotateWebhookSecret: nothing,
  pingWebhook: nothing,
  redeliverWebhooks: { body: { since: '2026-01-01T00:00:00Z' }, references: [] },
  listWebhookDeliveries: nothing,
  redeliverWebhook: nothing,
};
