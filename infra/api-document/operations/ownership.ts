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
    description: '`diagnostics` tells of words that have no effect, or another one than they say.',
    example: {},
  },
  updateOwnership: {
    tag: 'Ownership',
    body: ownershipChange,
    description:
      'With `project:read` alone only `raw` may be sent. Rules are lines such as `path:src/* #core` or `url:*checkout* bob@acme.io`; the last one that matches an event decides.',
    example: { body: { raw: 'path:app/* #core\nurl:*checkout* bob@acme.io' } },
  },
  evaluateOwnership: {
    tag: 'Ownership',
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
    description: 'Which rules match, and which gates stop an assignment.',
    example: { path: { issue: 'SHOP-2' } },
  },
  listCodeowners: {
    tag: 'CODEOWNERS',
    description: 'With what each comes to.',
    example: { path: { project: 'site' } },
  },
  createCodeowners: {
    tag: 'CODEOWNERS',
    body: newCodeowners,
    description:
      'Its lines become rules after those of the project; owners are looked up among external actors, teams and members.',
    example: { body: { raw: 'app/ @acme/core' } },
  },
  getCodeowners: { tag: 'CODEOWNERS', description: 'With what it comes to.', example: ofFile },
  updateCodeowners: {
    tag: 'CODEOWNERS',
    body: changedCodeowners,
    description: 'What is absent stays as it is.',
    example: { ...ofFile, body: { raw: 'app/ @acme/core\n*.css carol@acme.io' } },
  },
  deleteCodeowners: {
    tag: 'CODEOWNERS',
    description: 'Its rules no longer match anything.',
    example: ofFile,
  },
} as const satisfies Documentation;
