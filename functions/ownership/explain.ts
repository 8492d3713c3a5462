import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseEvaluation } from '../../shared/http/schemas/ownership/ownership.ts';
import {
  actorsOf,
  serializeExplanation,
} from '../../shared/http/serializers/ownership/ownership.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import { findIssue } from '../../shared/operations/lookup/find-issue.ts';
import { explainEvent, explainIssue } from '../../shared/operations/ownership/explain-ownership.ts';
import type { OwnershipDeps } from './deps.ts';

/** Why an issue has, or has not, the owner it has. */
export function explainOwnership(deps: OwnershipDeps): Endpoint {
  return async ({ caller, params }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'event:read');
    const groupId = await findIssue(deps, [organization.id], params.issue ?? '');
    const explanation = await explainIssue(deps, { groupId, organizationId: organization.id });
    const assignee = explanation.assignment?.assignee ?? null;
    const names = await namesOf(deps, [...actorsOf(explanation), ...(assignee ? [assignee] : [])]);
    return { status: 200, body: serializeExplanation(explanation, assignee, names) };
  };
}

/**
 * Whom the event in the body would belong to; `assignee` is whom its issue would be assigned to.
 */
export function evaluateOwnership(deps: OwnershipDeps): Endpoint {
  return async ({ caller, params, body }) => {
    const organization = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'project:read');
    const explanation = await explainEvent(deps, {
      ...parseEvaluation(body),
      organizationId: organization.id,
      project: params.project ?? '',
    });
    const { verdict } = explanation;
    const assignee = verdict?.verdict === 'assign' ? verdict.actor : null;
    const names = await namesOf(deps, [...actorsOf(explanation), ...(assignee ? [assignee] : [])]);
    return { status: 200, body: serializeExplanation(explanation, assignee, names) };
  };
}
