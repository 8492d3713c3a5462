import type { Operation } from '../../shared/http/routes.ts';
import { DIRECTORY_OPERATIONS } from './operations/directory.ts';
import { EVENT_OPERATIONS } from './operations/events.ts';
import { INGEST_OPERATIONS } from './operations/ingest.ts';
import { INTEGRATION_OPERATIONS } from './operations/integrations.ts';
import { ISSUE_INTEGRATION_OPERATIONS } from './operations/issue-integrations.ts';
import { ISSUE_OPERATIONS } from './operations/issues.ts';
import { NOTE_OPERATIONS } from './operations/notes.ts';
import { OPERATION_OPERATIONS } from './operations/operations.ts';
import { OWNERSHIP_OPERATIONS } from './operations/ownership.ts';
import { PROJECT_OPERATIONS } from './operations/projects.ts';
import { TEAM_OPERATIONS } from './operations/teams.ts';
import { WEBHOOK_OPERATIONS } from './operations/webhooks.ts';
import type { OperationDocumentation } from './row.ts';

/** What the API document says of each operation: the compiler names one that is missing. */
export const OPERATIONS: Readonly<Record<Operation, OperationDocumentation>> = {
  ...ISSUE_OPERATIONS,
  ...NOTE_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...OWNERSHIP_OPERATIONS,
  ...OPERATION_OPERATIONS,
  ...DIRECTORY_OPERATIONS,
  ...TEAM_OPERATIONS,
  ...PROJECT_OPERATIONS,
  ...INTEGRATION_OPERATIONS,
  ...ISSUE_INTEGRATION_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...INGEST_OPERATIONS,
};
