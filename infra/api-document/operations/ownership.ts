import {
  changedCodeowners,
  newCodeowners,
} from '../../../shared/http/schemas/ownership/codeowners.ts';
import { evaluation, ownershipChange } from '../../../shared/http/schemas/ownership/ownership.ts';
import { type Documentation, made } from '../row.ts';

const ofFile = { path: { id: made('createCodeowners') } };

/** What the API document says of ownership rules and CODEOWNERS files. */
export const OWNERSHIP_OPERATIONS = {
  getOwnership: {
    tag: 'Ownership',
    summary: 'Read the ownership rules of a project.',
    description: '`diagnostics` tells of words that have no effect, or another one than they say.',
    example: {},
  },
  updateOwnership: {
    tag: 'Ownership',
    summary: 'Save the ownership rules of a project; its settings too with project:write.',
    body: ownershipChange,
    description:
      'With `project:read` alone only `raw` may be sent. Rules are lines such as `path:src/* #core` or `url:*checkout* bob@acme.io`; the last one that matches an event decides.',
    example: { body: { raw: 'path:app/* #core\nurl:*checkout* bob@acme.io' } },
  },
  evaluateOwnership: {
    tag: 'Ownership',
    summary: 'Explain which owner the event in the body would get. Nothing is written.',
    body: evaluation,
    description: 'The way to try rules before an event comes.',
    example: {
      body: {
        event: {
          exception: { values: [{ stacktrace: { frames: [{ filename: 'app/cart.py' }] } }] },
        },
        platform: 'python',
      },
    },
  },
  explainOwnership: {
    tag: 'Ownership',
    summary: 'Explain why an issue has its owner, or has none.',
    description: 'Which rules match, and which gates stop an assignment.',
    example: { path: { issue: 'SHOP-2' } },
  },
  listCodeowners: {
    tag: 'CODEOWNERS',
    summary: 'List the CODEOWNERS files of a project.',
    description: 'With what each comes to.',
    example: { path: { project: 'site' } },
  },
  createCodeowners: {
    tag: 'CODEOWNERS',
    summary: 'Add a CODEOWNERS file to a project.',
    body: newCodeowners,
    description:
      'Its lines become rules after those of the project; owners are looked up among external actors, teams and members.',
    example: { body: { raw: 'app/ @acme/core' } },
  },
  getCodeowners: {
    tag: 'CODEOWNERS',
    summary: 'Read a CODEOWNERS file of a project.',
    description: 'With what it comes to.',
    example: ofFile,
  },
  updateCodeowners: {
    tag: 'CODEOWNERS',
    summary: 'Change a CODEOWNERS file of a project.',
    body: changedCodeowners,
    description: 'What is absent stays as it is.',
    example: { ...ofFile, body: { raw: 'app/ @acme/core\n*.css carol@acme.io' } },
  },
  deleteCodeowners: {
    tag: 'CODEOWNERS',
    summary: 'Remove a CODEOWNERS file from a project.',
    description: 'Its rules no longer match anything.',
    example: ofFile,
  },
} as const satisfies Documentation;
