import { DELETION_ROUTES } from './routes/deletion.ts';
import { DIRECTORY_ROUTES } from './routes/directory.ts';
import { EVENT_ROUTES } from './routes/events.ts';
import { INGEST_ROUTES } from './routes/ingest.ts';
import { INTEGRATION_ROUTES } from './routes/integrations.ts';
import { ISSUE_INTEGRATION_ROUTES } from './routes/issue-integrations.ts';
import { ISSUE_ROUTES } from './routes/issues.ts';
import { NOTE_ROUTES } from './routes/notes.ts';
import { OPERATION_ROUTES } from './routes/operations.ts';
import { OWNERSHIP_ROUTES } from './routes/ownership.ts';
import { PEOPLE_ROUTES } from './routes/people.ts';
import { PROJECT_ROUTES } from './routes/projects.ts';
import type { Route } from './routes/route.ts';
import { TEAM_ROUTES } from './routes/teams.ts';
import { WEBHOOK_ROUTES } from './routes/webhooks.ts';

export type { Route };

/**
 * Every route of the API. The API document, the gateway of the deployed stack, the local gateway
 * and the types of endpoints are all made from this table. Parameters accept an id or a slug
 * wherever Sentry does.
 */
export const ROUTES = [
  ...NOTE_ROUTES,
  ...EVENT_ROUTES,
  ...ISSUE_ROUTES,
  ...DIRECTORY_ROUTES,
  ...PEOPLE_ROUTES,
  ...PROJECT_ROUTES,
  ...DELETION_ROUTES,
  ...OWNERSHIP_ROUTES,
  ...OPERATION_ROUTES,
  ...TEAM_ROUTES,
  ...INTEGRATION_ROUTES,
  ...ISSUE_INTEGRATION_ROUTES,
  ...WEBHOOK_ROUTES,
  ...INGEST_ROUTES,
] as const satisfies readonly Route[];

/** The name of an operation of the route table. */
export type Operation = (typeof ROUTES)[number]['operation'];

/** The name of a function that answers routes. */
export type FunctionName = (typeof ROUTES)[number]['function'];
