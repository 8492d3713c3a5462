import { operationRequest } from '../../../shared/http/schemas/bulk/operation.ts';
import { nothing, planRequest } from '../../../shared/http/schemas/bulk/plan.ts';
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
    body: nothing,
    headers: ['Retry-After'],
    refusals: ['conflict'],
    description: 'It ends after the issues that it is at. One that has ended by itself is 409.',
    example: { path: { operation: made('reconcileOwnership') } },
  },
  revertOperation: {
    tag: 'Operations',
    summary: 'Plan the way back of an operation that has ended.',
    body: nothing,
    headers: ['Retry-After'],
    refusals: ['conflict'],
    description:
      'The plan brings every issue that the operation has changed back to what it was: its assignee with the lease and whether a rule had assigned, its owning team, and its status with the details. What has moved since is skipped when the plan is applied. One that is under way, and one that has deleted its issues, is 409.',
    // A worker is still at the operation of the example.
    example: { status: 409, path: { operation: made('applyPlan') } },
    shown: {
      id: '2251799813685248',
      state: 'ready',
      count: 2,
      summary: {
        assignments: 0,
        unassignments: 2,
        statusChanges: 0,
        deletions: 0,
        noChanges: 0,
        externalWrites: 0,
      },
      note: null,
      notFound: [],
      createdBy: { type: 'user', id: '11', name: 'Alice', email: 'alice@acme.io' },
      createdAt: '2026-11-29T12:00:00.000Z',
      expiresAt: '2026-11-29T13:00:00.000Z',
      operation: null,
    },
  },
  createPlan: {
    tag: 'Operations',
    summary: 'Freeze issues with what an update, or their deletion, would make of them.',
    body: planRequest,
    headers: ['Retry-After'],
    description:
      'Exactly one of `ids` (at most 10,000, numbers and short ids) and `query` (at most 100,000 issues) names them. `update` takes `assignedTo` with `assignmentExpires`, `ownerTeam`, `status` with `substatus` and `statusDetails`, or `{"delete": true}` by itself, which needs event:admin and has no way back. It is refused as the write itself would be, with all projects that do not admit whom it names, and answers in `notFound` which ids are not there; a query that finds more than 100,000 issues is refused with 400. A plan of more than 1,000 issues is `building` at first. Durations, of a lease or an archive, count from when it is applied.',
    example: { body: { query: 'is:unresolved project:shop', update: { assignedTo: 'user:12' } } },
  },
  listPlans: {
    tag: 'Operations',
    summary: 'List the plans of an organization, newest first.',
    query: PAGED,
    description: 'A plan that was not applied is kept for an hour, another one with its operation.',
    example: { after: ['createPlan'] },
  },
  getPlan: {
    tag: 'Operations',
    summary: 'Read a plan.',
    headers: ['Retry-After'],
    description: 'While it is being built, the answer says when to ask again.',
    example: { path: { plan: made('createPlan') } },
  },
  listPlanIssues: {
    tag: 'Operations',
    summary: 'List the issues of a plan, with what would become of them.',
    query: PAGED,
    description: '`before` and `after` hold only what the plan is about.',
    example: { path: { plan: made('createPlan') } },
  },
  applyPlan: {
    tag: 'Operations',
    summary: 'Have a plan applied by a worker.',
    body: nothing,
    headers: ['Retry-After'],
    refusals: ['request.in_flight', 'conflict'],
    description:
      'Whoever applies it is who acts. An issue is left alone where its assignment, owning team or status, as far as the plan is about them, has moved since, there and back included. A plan is applied once.',
    example: { path: { plan: made('createPlan') }, after: ['listPlanIssues'] },
  },
} as const satisfies Documentation;
