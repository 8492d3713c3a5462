import type { Route } from './route.ts';

/** Who owns what: rules, CODEOWNERS files, and why an issue has the owner it has. */
export const OWNERSHIP_ROUTES = [
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/ownership/',
    operation: 'getOwnership',
    function: 'ownership',
    access: 'token',
    summary: 'Read the ownership rules of a project.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/ownership/',
    operation: 'updateOwnership',
    function: 'ownership',
    access: 'token',
    summary: 'Save the ownership rules of a project, or its settings of auto-assignment.',
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/ownership/evaluate/',
    operation: 'evaluateOwnership',
    function: 'ownership',
    access: 'token',
    summary: 'Explain whom the event in the body would belong to. Nothing is written.',
  },
  {
    method: 'GET',
    path: '/0/projects/{org}/{project}/codeowners/',
    operation: 'listCodeowners',
    function: 'ownership',
    access: 'token',
    summary: 'List the CODEOWNERS files of a project.',
  },
  {
    method: 'POST',
    path: '/0/projects/{org}/{project}/codeowners/',
    operation: 'createCodeowners',
    function: 'ownership',
    access: 'token',
    summary: 'Add a CODEOWNERS file to a project.',
  },
  {
    method: 'PUT',
    path: '/0/projects/{org}/{project}/codeowners/{id}/',
    operation: 'updateCodeowners',
    function: 'ownership',
    access: 'token',
    summary: 'Change a CODEOWNERS file of a project.',
  },
  {
    method: 'DELETE',
    path: '/0/projects/{org}/{project}/codeowners/{id}/',
    operation: 'deleteCodeowners',
    function: 'ownership',
    access: 'token',
    summary: 'Remove a CODEOWNERS file from a project.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/ownership/',
    operation: 'explainOwnership',
    function: 'ownership',
    access: 'token',
    summary: 'Explain why an issue has, or has not, the owner it has.',
  },
] as const satisfies readonly Route[];
