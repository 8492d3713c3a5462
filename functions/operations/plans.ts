import type { Plan } from '../../shared/domain/bulk/plan.ts';
import { forbidden } from '../../shared/domain/errors.ts';
import { type Caller, hasScope } from '../../shared/http/access.ts';
import type { ApiReply, Endpoint } from '../../shared/http/api.ts';
import { parseBody } from '../../shared/http/fields.ts';
import { linkHeader } from '../../shared/http/pagination.ts';
import { nothing, parsePlan } from '../../shared/http/schemas/bulk/plan.ts';
import { operationReply } from '../../shared/http/serializers/bulk/operation-reply.ts';
import { serializePlan } from '../../shared/http/serializers/bulk/plan.ts';
import { serializePlannedIssue } from '../../shared/http/serializers/bulk/planned-issue.ts';
import { applyPlan as apply, findPlan } from '../../shared/operations/bulk/plans/apply-plan.ts';
import { makePlan } from '../../shared/operations/bulk/plans/make-plan.ts';
import { takeBack } from '../../shared/operations/bulk/plans/make-take-back.ts';
import {
  listPlans as list,
  listPlanIssues as listIssues,
  namesOfPlanners,
} from '../../shared/operations/bulk/plans/read-plans.ts';
import type { OperationsDeps } from './deps.ts';
import { pageAsked } from './lists.ts';

/** Freezes issues with what a write would make of them. */
export const createPlan: Endpoint<'createPlan', OperationsDeps> = async (
  deps,
  { organization, caller, body, initiator },
) => {
  const { ids, query, kind, ...asked } = parsePlan(body);
  requireMay(caller, { kind });
  const plan = await makePlan(deps, {
    ...asked,
    kind,
    organizationId: organization.id,
    source:
      query === null ? { kind: 'ids' } : { kind: 'query', query, callerUserId: caller.userId },
    ids: ids ?? [],
    initiator,
  });
  return planReply(deps, 201, plan);
};

/** Shows a plan. */
export const getPlan: Endpoint<'getPlan', OperationsDeps> = async (
  deps,
  { organization, params },
) => planReply(deps, 200, await findPlan(deps, organization.id, params.plan));

/** Lists an organization's plans, newest first. */
export const listPlans: Endpoint<'listPlans', OperationsDeps> = async (deps, request) => {
  const found = await list(deps, request.organization.id, pageAsked(request));
  return {
    status: 200,
    headers: { Link: linkHeader(request, found) },
    body: found.plans.map((plan) => serializePlan(plan, found.names)),
  };
};

/** Lists the issues of a plan, with what would become of them. */
export const listPlanIssues: Endpoint<'listPlanIssues', OperationsDeps> = async (deps, request) => {
  const { organization, params } = request;
  const plan = await findPlan(deps, organization.id, params.plan);
  const found = await listIssues(deps, plan, pageAsked(request));
  return {
    status: 200,
    headers: { Link: linkHeader(request, found) },
    body: found.issues.map(({ planned, found: issue }) =>
      serializePlannedIssue(planned, issue, found.names),
    ),
  };
};

/** Has a plan applied. */
export const applyPlan: Endpoint<'applyPlan', OperationsDeps> = async (
  deps,
  { organization, params, caller, body, initiator },
) => {
  parseBody(nothing, body);
  const operation = await apply(deps, {
    organizationId: organization.id,
    planId: params.plan,
    initiator,
    requireMay: (plan) => requireMay(caller, plan),
  });
  return operationReply(deps, 202, operation);
};

/** Plans the way back of an operation. */
export const revertOperation: Endpoint<'revertOperation', OperationsDeps> = async (
  deps,
  { organization, params, body, initiator },
) => {
  parseBody(nothing, body);
  const plan = await takeBack(deps, {
    organizationId: organization.id,
    operationId: params.operation,
    initiator,
  });
  return planReply(deps, 201, plan);
};

/** What a plan does has to be what the caller may do. Throws `access.forbidden`. */
function requireMay(caller: Caller, { kind }: Pick<Plan, 'kind'>): void {
  if (kind === 'delete' && !hasScope(caller, 'event:admin')) {
    throw forbidden();
  }
}

/** A plan as an answer shows it: one that is being built asks to be looked at again. */
async function planReply(deps: OperationsDeps, status: 200 | 201, plan: Plan): Promise<ApiReply> {
  const names = await namesOfPlanners(deps, [plan]);
  return {
    status,
    ...(plan.state === 'building' ? { headers: { 'Retry-After': '1' } } : {}),
    body: serializePlan(plan, names),
  };
}
