import {
  changedCodeowners,
  codeownersRemoval,
  newCodeowners,
} from '../../../shared/http/schemas/ownership/codeowners.ts';
import {
  evaluation,
  ownershipChange,
  restoration,
} from '../../../shared/http/schemas/ownership/ownership.ts';
import { preview } from '../../../shared/http/schemas/ownership/preview.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

const ofFile = { path: { id: made('createCodeowners') } };

/** What the API document says of ownership rules and CODEOWNERS files. */
export const OWNERSHIP_OPERATIONS = {
  listOrphanedAssignments: {
    tag: 'Ownership',
    summary: 'List the open issues whose holder may not hold them any more.',
    query: PAGED,
    headers: ['X-Total-Count'],
    description:
      '`cause` is `left` where they are no member any more, `deactivated` where their account is off, `team_left` where the team is gone or has left the project, and `no_access` where they could not be assigned anew. What becomes of such issues is the `orphanPolicy` of the organization.',
    example: {},
  },
  getMemberImpact: {
    tag: 'Ownership',
    summary: 'Say what a member holds, and where it would go if they left.',
    query: PAGED,
    description:
      '`issues` are those of their open issues that the page holds, the first assigned first: `to` would hold each of them then, by the `orphanPolicy` of the organization, null for nobody; `rule` is the one that says so. A page may be short, or empty, while `Link` names a next one. `held` counts what they hold in any status, `owned` what a team owns. Somebody who is pending, or no member, is 404.',
    example: { path: { member: '11' } },
  },
  getTeamImpact: {
    tag: 'Ownership',
    summary: 'Say what a team holds, and where it would go if the team were deleted.',
    query: PAGED,
    description: 'As for a member. A deleted team holds nothing, whatever the `orphanPolicy`.',
    example: {},
  },
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
      'With `project:read` alone only `raw` may be sent. Tests run when `raw` or `tests` change, and one that fails stops the save. Rules are lines such as `path:src/* #core` or `url:*checkout* bob@acme.io`; the last one that matches an event decides.',
    example: {
      body: {
        raw: 'path:app/* #core\nurl:*checkout* bob@acme.io',
        tests: [
          {
            name: 'The cart is the core team’s',
            event: {
              exception: { values: [{ stacktrace: { frames: [{ filename: 'app/cart.py' }] } }] },
            },
            expect: '#core',
          },
        ],
      },
    },
  },
  listOwnershipVersions: {
    tag: 'Ownership',
    summary: 'List the versions of the ownership rules of a project, newest first.',
    description: 'Every save makes one; the last 50 are kept.',
    example: { after: ['updateOwnership'] },
  },
  getOwnershipVersion: {
    tag: 'Ownership',
    summary: 'Read a version of the ownership rules of a project.',
    description: 'Text, tests, settings and CODEOWNERS; with `against`, what is different in it.',
    query: ['against'],
    example: {
      path: { version: '1' },
      query: { against: ['0'] },
      after: ['updateOwnership'],
    },
  },
  restoreOwnershipVersion: {
    tag: 'Ownership',
    summary: 'Make the ownership rules of a project what they were in a version.',
    body: restoration,
    description:
      'Text, tests, settings and CODEOWNERS. Refused as a save is; with `force`, owners who are gone are left out.',
    example: { path: { version: '0' }, body: { force: true }, after: ['getOwnershipVersion'] },
  },
  previewOwnership: {
    tag: 'Ownership',
    summary: 'Say what a save of ownership rules would do. Nothing is written.',
    body: preview,
    description:
      'Tries the rules on the newest event of each of the 1,000 open issues that were seen last. `codeowners` names files by `id`, new ones have none; what is absent stays as it is.',
    example: { body: { raw: 'path:app/* bob@acme.io' } },
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
    body: codeownersRemoval,
    description: 'Its rules no longer match anything; a test that fails without them stops it.',
    example: ofFile,
  },
} as const satisfies Documentation;
