import type { Route } from './route.ts';

const fromSdk = {
  method: 'POST',
  function: 'envelope',
  access: 'client key',
  whyNoScope: 'SDKs have no token; they name a client key of the project, which is public.',
} as const;

/** Where SDKs send events: the addresses that they make of a DSN. */
export const INGEST_ROUTES = [
  { path: '/{projectId}/envelope/', operation: 'receiveEnvelope', ...fromSdk },
  { path: '/{projectId}/store/', operation: 'receiveEvent', ...fromSdk },
] as const satisfies readonly Route[];
