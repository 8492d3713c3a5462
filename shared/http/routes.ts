/** One row of the route table. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the stage `api`, with the trailing slash of Sentry's addresses: `/0/issues/{issue}/`. */
  readonly path: `/0/${string}` | '/0/';
  /** Unique name of what the caller asks for; the `operationId` of the API document. */
  readonly operation: string;
  /** The folder below `functions/` that answers. */
  readonly function: string;
  /** `token`: the authorizer lets it in. `signature`: the function itself verifies a signature over the raw body. */
  readonly access: 'token' | 'signature';
  /** One line for the API document. */
  readonly summary: string;
};

/**
 * Every route that Baton answers. The API document, the gateway of the deployed stack and the local gateway
 * all come from this table; a row appears only together with the function that answers it.
 * Parameters accept an id or a slug wherever Sentry does.
 */
export const ROUTES = [
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'updateProjectIssues',
    function: 'group-update',
    access: 'token',
    summary: 'Update the issues of a project that are named by `id` parameters or by a query.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/',
    operation: 'updateOrganizationIssues',
    function: 'group-update',
    access: 'token',
    summary:
      'Update the issues of an organization that are named by `id` parameters or by a query.',
  },
  {
    method: 'PUT',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'updateOrganizationIssue',
    function: 'group-update',
    access: 'token',
    summary: 'Update one issue of an organization, named by id or short id.',
  },
  {
    method: 'PUT',
    path: '/0/issues/{issue}/',
    operation: 'updateIssue',
    function: 'group-update',
    access: 'token',
    summary: 'Update one issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/issues/',
    operation: 'listProjectIssues',
    function: 'group-read',
    access: 'token',
    summary: 'List the issues of a project, page by page.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/',
    operation: 'listOrganizationIssues',
    function: 'group-read',
    access: 'token',
    summary: 'List the issues of an organization, page by page.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/',
    operation: 'getOrganizationIssue',
    function: 'group-read',
    access: 'token',
    summary: 'Read one issue of an organization, named by id or short id.',
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/',
    operation: 'getIssue',
    function: 'group-read',
    access: 'token',
    summary: 'Read one issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/shortids/{shortId}/',
    operation: 'resolveShortId',
    function: 'group-read',
    access: 'token',
    summary: 'Resolve a short id to its issue.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/activities/',
    operation: 'listIssueActivities',
    function: 'group-read',
    access: 'token',
    summary: 'List what happened to an issue, newest first.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/events/latest/',
    operation: 'getLatestEvent',
    function: 'group-read',
    access: 'token',
    summary: 'Read the latest event of an issue.',
  },
  {
    method: 'GET',
    path: '/0/',
    operation: 'getIndex',
    function: 'directory-read',
    access: 'token',
    summary: 'Read the version of the API, and who is asking with which scopes.',
  },
  {
    method: 'GET',
    path: '/0/auth/',
    operation: 'getAuth',
    function: 'directory-read',
    access: 'token',
    summary: 'Read the user that the token belongs to.',
  },
  {
    method: 'GET',
    path: '/0/users/me/regions/',
    operation: 'listRegions',
    function: 'directory-read',
    access: 'token',
    summary: 'List the regions that hold the caller’s organizations.',
  },
  {
    method: 'GET',
    path: '/0/organizations/',
    operation: 'listOrganizations',
    function: 'directory-read',
    access: 'token',
    summary: 'List the organizations that the token reaches.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/',
    operation: 'getOrganization',
    function: 'directory-read',
    access: 'token',
    summary: 'Read one organization.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/projects/',
    operation: 'listOrganizationProjects',
    function: 'directory-read',
    access: 'token',
    summary: 'List the projects of an organization.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/teams/',
    operation: 'listOrganizationTeams',
    function: 'directory-read',
    access: 'token',
    summary: 'List the teams of an organization.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/members/',
    operation: 'listOrganizationMembers',
    function: 'directory-read',
    access: 'token',
    summary: 'List the members of an organization.',
  },
  {
    method: 'GET',
    path: '/0/projects/',
    operation: 'listProjects',
    function: 'directory-read',
    access: 'token',
    summary: 'List the projects of every organization that the token reaches.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/',
    operation: 'getProject',
    function: 'directory-read',
    access: 'token',
    summary: 'Read one project.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/keys/',
    operation: 'listProjectKeys',
    function: 'directory-read',
    access: 'token',
    summary: 'List the client keys of a project.',
  },
] as const satisfies readonly Route[];

/** The name of an operation of the route table. */
export type Operation = (typeof ROUTES)[number]['operation'];

/** The name of a function that answers routes. */
export type FunctionName = (typeof ROUTES)[number]['function'];
