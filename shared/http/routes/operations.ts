import type { Route } from './route.ts';

/** Operations over many issues: what begins them, how far they are, and how they end early. */
export const OPERATION_ROUTES = [
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/ownership/reconcile/',
    operation: 'reconcileOwnership',
    function: 'operations',
    access: 'token',
    scopes: ['project:write'],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/assignments/orphans/sweep/',
    operation: 'sweepOrphans',
    function: 'operations',
    access: 'token',
    scopes: ['org:write'],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/operations/',
    operation: 'listOperations',
    function: 'operations',
    access: 'token',
    scopes: ['event:read'],
    narrowedBy: [],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/operations/{operation}/',
    operation: 'getOperation',
    function: 'operations',
    access: 'token',
    scopes: ['event:read'],
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/operations/{operation}/issues/',
    operation: 'listOperationIssues',
    function: 'operations',
    access: 'token',
    scopes: ['event:read'],
    narrowedBy: [],
  },
  {
    method: 'POST',
    path: '/0/organizations/{org}/operations/{operation}/cancel/',
    operation: 'cancelOperation',
    function: 'operations',
    access: 'token',
    scopes: ['event:write'],
  },
] as const satisfies readonly Route[];
