import { operationRequest } from '../../../shared/http/schemas/bulk/operation.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

const ofOperation = { path: { operation: made('sweepOrphans') } };

/** What the API document says of operations over many issues. */
export const OPERATION_OPERATIONS = {
  reconcileOwnership: {
    tag: 'Operations',
    summary: 'Give the open issues of a project to whom its rules name today.',
    body: operationRequest,
    headers: ['Retry-After'],
    refusals: ['conflict'],
    description:
      'It takes what rules have assigned and what nobody holds; what a person, a tracker or a suspect commit has chosen stays, and so does the holder of an issue that the rules give to nobody. A project has one at a time: another one is 409 with the id of that `operation`. With `dryRun` it only says what it would do.',
    example: { body: { dryRun: true } },
  },
  sweepOrphans: {
    tag: 'Operations',
    summary: 'Apply the policy of the organization to open issues whose holder may not hold them.',
    body: operationRequest,
    headers: ['Retry-After'],
    description:
      'The policy is the `orphanPolicy` of the organization; under `keep` the issues are noted and stay. With `dryRun` it only says what it would do.',
    example: { body: { dryRun: true } },
  },
  listOperations: {
    tag: 'Operations',
    summary: 'List the operations of an organization over many issues, newest first.',
    query: [...PAGED, 'operationState'],
    description: 'They are kept for 30 days.',
    example: { after: ['sweepOrphans'] },
  },
  getOperation: {
    tag: 'Operations',
    summary: 'Read how far an operation is.',
    headers: ['Retry-After'],
    description:
      'While it is not at its end, the answer says when to ask again. Once it is done, `requested` is the sum of the other counts.',
    example: ofOperation,
  },
  listOperationIssues: {
    tag: 'Operations',
    summary: 'List what became of the issues of an operation.',
    query: [...PAGED, 'outcome'],
    description:
      'Of issues that are gone there are only the id and the outcome. `reason` tells why an issue was left as it was.',
    example: ofOperation,
  },
  cancelOperation: {
    tag: 'Operations',
    summary: 'End an operation early. What it has done stays.',
    headers: ['Retry-After'],
    refusals: ['conflict'],
    description: 'It ends after the issues that it is at. One that has ended by itself is 409.',
    example: { path: { operation: made('reconcileOwnership') } },
  },
} as const satisfies Documentation;
