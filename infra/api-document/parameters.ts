import { operationStates } from '../../shared/domain/bulk/operation.ts';
import { issueOutcomes } from '../../shared/domain/bulk/outcome.ts';
import type { NamesIn } from '../../shared/http/endpoint.ts';
import { headersOf } from '../../shared/http/routes/route.ts';
import type { ROUTES, Route } from '../../shared/http/routes.ts';
import type { JsonSchema } from './schemas.ts';

/** A name in braces in some path of the route table. */
export type PathName = NamesIn<(typeof ROUTES)[number]['path']>;

type PathParameter = {
  readonly description: string;
  /** What examples say unless they say something else; of the demo world. */
  readonly example: string;
  readonly enum?: readonly string[];
};

/** What the names in paths mean. */
export const PATH_PARAMETERS: Readonly<Record<PathName, PathParameter>> = {
  org: { description: 'The slug or the id of an organization.', example: 'acme' },
  project: { description: 'The slug or the id of a project.', example: 'shop' },
  projectId: { description: 'The id of a project, as its DSN has it.', example: '31' },
  team: { description: 'The slug or the id of a team.', example: 'core' },
  issue: {
    description: 'The id of an issue, or its short id where the path names its organization.',
    example: '101',
  },
  shortId: { description: 'The short id of an issue, such as `SHOP-1`.', example: 'SHOP-1' },
  member: {
    description:
      'The id of a member, which is that of their user; of who is pending, the id of the invitation. `me` is the user of the token.',
    example: '12',
  },
  tag: { description: 'The key of a tag of events.', example: 'environment' },
  note: { description: 'The id of a note.', example: '1' },
  key: { description: 'The id of a client key: its public part.', example: '1' },
  id: { description: 'The id of a CODEOWNERS file.', example: '1' },
  version: { description: 'The number of a version of the rules.', example: '0' },
  operation: { description: 'The id of an operation over many issues.', example: '1' },
  plan: { description: 'The id of a plan.', example: '1' },
  link: { description: 'The id of a link.', example: '1' },
  integration: { description: 'The id of an integration.', example: '501' },
  integrationId: {
    description: 'The id of the integration that the webhook is for.',
    example: '501',
  },
  provider: {
    description: 'Which kind of tracker it is.',
    example: 'github',
    enum: ['github', 'jira', 'gitlab', 'azure', 'redmine'],
  },
  webhook: { description: 'The id of an endpoint of webhooks.', example: '1' },
  delivery: { description: 'The id of a delivery.', example: '1' },
  externalUser: { description: 'The id of an external user.', example: '1' },
  externalTeam: { description: 'The id of an external team.', example: '1' },
};

type QueryParameter = {
  /** The name on the wire, where it is not the name in this table. */
  readonly name?: string;
  readonly description: string;
  readonly schema: JsonSchema;
  /** Whether it may be sent several times, once for each value. */
  readonly isRepeated?: true;
};

const text: JsonSchema = { type: 'string' };
const time: JsonSchema = { type: 'string', examples: ['2026-11-01T00:00:00Z'] };

/** What query parameters mean. Those of lists by the names of `narrowingParameters`. */
const QUERY_PARAMETERS = {
  query: {
    description:
      'Only what has each of these words in its name, slug or address. `id:`, `slug:` and other keys name a value as a whole.',
    schema: text,
  },
  against: {
    description: 'The number of another version: the answer says line by line what is different.',
    schema: { type: 'string', examples: ['0'] },
  },
  search: {
    name: 'query',
    description:
      'A search in the words of Sentry: `is:unresolved assigned:me level:error`. The README lists the keys. Without it a list shows unresolved issues.',
    schema: { type: 'string', examples: ['is:unresolved assigned:#core'] },
  },
  project: {
    description: 'Only in these projects, by id or slug. `-1` means all.',
    schema: text,
    isRepeated: true,
  },
  environment: {
    description: 'Only issues that were seen in one of these environments.',
    schema: text,
    isRepeated: true,
  },
  status: {
    description: 'Only keys that are `active` or `inactive`.',
    schema: { type: 'string', enum: ['active', 'inactive'] },
  },
  issueStatus: {
    name: 'status',
    description: 'Only issues of this status.',
    schema: { type: 'string', enum: ['unresolved', 'resolved', 'ignored'] },
  },
  repositoryStatus: {
    name: 'status',
    description: 'Accepted, and without an effect: there are no repositories.',
    schema: text,
  },
  statsPeriod: {
    description:
      'Only what was seen within this span of time up to now: `90m`, `24h`, `14d`, `2w`.',
    schema: { type: 'string', examples: ['14d'] },
  },
  start: { description: 'Only what was seen since then, ISO 8601. Needs `end`.', schema: time },
  end: { description: 'Only what was seen before then, ISO 8601. Needs `start`.', schema: time },
  id: { description: 'The issue with this id.', schema: text, isRepeated: true },
  group: { description: 'Another name of `id`.', schema: text, isRepeated: true },
  sort: {
    description:
      'The order: last seen first (`date`), first seen last (`new`), most events (`freq`), most users (`user`), highest priority.',
    schema: { type: 'string', enum: ['date', 'new', 'freq', 'user', 'priority'], default: 'date' },
  },
  expand: {
    description: '`owners` adds whom rules and commits suggest to each issue.',
    schema: { type: 'string', enum: ['owners'] },
    isRepeated: true,
  },
  per_page: {
    description: 'How many entries a page has.',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 100 },
  },
  limit: {
    description: 'How many of the issues that the search finds are written; 1,000 without it.',
    schema: { type: 'integer', minimum: 1, maximum: 100 },
  },
  cursor: {
    description: 'Where to go on, from the `Link` header of another page.',
    schema: { type: 'string', examples: ['0:MTAw:0'] },
  },
  sentry_key: { description: 'The public part of a client key.', schema: text },
  operationState: {
    name: 'state',
    description: 'Only operations in this state.',
    schema: { type: 'string', enum: operationStates },
  },
  outcome: {
    description: 'Only issues that this became of.',
    schema: { type: 'string', enum: issueOutcomes },
  },
  dryRun: {
    description:
      '`1` says what the write would come to, with its refusals, and writes nothing. The answer is 200, whatever the status of the write.',
    schema: { type: 'string', enum: ['1', 'true', '0', 'false'] },
  },
  action: {
    description: 'What is to be done with the issue of the tracker.',
    schema: { type: 'string', enum: ['link'] },
  },
  externalIssue: { description: 'The `id` of the link.', schema: text },
  plan: {
    description: '`1` adds to each link what would be written to its tracker now.',
    schema: { type: 'string', enum: ['1'] },
  },
} as const satisfies Record<string, QueryParameter>;

export type QueryName = keyof typeof QUERY_PARAMETERS;

const byName: Readonly<Record<string, QueryParameter>> = QUERY_PARAMETERS;

/** What lists take that are answered page by page. */
export const PAGED: readonly QueryName[] = ['per_page', 'cursor'];

/** What lists of issues take beside the names of their rows. */
export const ISSUE_LIST: readonly QueryName[] = [
  'search',
  'issueStatus',
  'sort',
  'expand',
  ...PAGED,
];

/** By what bulk writes name their issues. */
export const BULK: readonly QueryName[] = [
  'id',
  'search',
  'issueStatus',
  'project',
  'environment',
  'statsPeriod',
  'start',
  'end',
  'sort',
  'limit',
  'cursor',
  'dryRun',
];

/** The query parameters of a route: those that narrow it, and those that its documentation adds. */
export function queryNamesOf(
  { narrowedBy = [] }: Pick<Route, 'narrowedBy'>,
  added: readonly QueryName[],
): readonly QueryName[] {
  const taken = new Set(added.map(wireName));
  return [...narrowedBy.filter((name) => !taken.has(name)), ...added];
}

/** The name of a query parameter in the address. */
export function wireName(name: QueryName): string {
  return byName[name]?.name ?? name;
}

/** The names in braces of a path. */
export function pathNamesOf({ path }: Pick<Route, 'path'>): PathName[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as PathName);
}

/** A parameter of a path, with what an example says in its place. */
export function pathParameter(name: PathName, example: string) {
  const { description, ...more } = PATH_PARAMETERS[name];
  const choices = more.enum === undefined ? {} : { enum: more.enum };
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', ...choices },
    example,
  };
}

/** A query parameter, with what an example sends where it sends any. */
export function queryParameter(name: QueryName, example: readonly string[] | undefined) {
  const { description, schema, isRepeated }: QueryParameter = QUERY_PARAMETERS[name];
  const [first] = example ?? [];
  return {
    name: wireName(name),
    in: 'query',
    required: false,
    description: isRepeated ? `${description} May be sent several times.` : description,
    schema: isRepeated ? { type: 'array', items: schema } : schema,
    ...(first === undefined ? {} : { example: isRepeated ? example : first }),
  };
}

/** The headers that a request to a route may have. */
export function headerParameters(route: Route) {
  return headersOf(route).map(({ name, description }) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}

/** The headers by which a tracker says what it sends, and signs it; each tracker has its own. */
export function trackerHeaders(headers: Readonly<Record<string, string>>) {
  return Object.entries(headers).map(([name, example]) => ({
    name,
    in: 'header',
    required: false,
    description: 'What this tracker sends; others have headers of their own.',
    schema: { type: 'string' },
    example,
  }));
}
