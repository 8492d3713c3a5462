import type { Actor } from '../../shared/domain/actor.ts';
import type { ApiReply, Endpoint } from '../../shared/http/api.ts';
import { showForIssue } from '../../shared/http/named-issue.ts';
import { parseEvaluation } from '../../shared/http/schemas/ownership/ownership.ts';
import {
  actorsOf,
  serializeExplanation,
} from '../../shared/http/serializers/ownership/ownership.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import {
  type Explanation,
  explainEvent,
  explainIssue,
} from '../../shared/operations/ownership/explain-ownership.ts';
import type { OwnershipDeps } from './deps.ts';

/** Explains why an issue has its owner, or has none. */
export const explainOwnership: Endpoint<'explainOwnership', OwnershipDeps> = (deps, request) =>
  showForIssue(deps, request, async (groupId) => {
    const organizationId = request.organization.id;
    const explanation = await explainIssue(deps, { groupId, organizationId });
    return explanationReply(deps, explanation, explanation.assignment?.assignee ?? null);
  });

/** Explains which owner the event in the body would get. Nothing is written. */
export const evaluateOwnership: Endpoint<'evaluateOwnership', OwnershipDeps> = async (
  deps,
  { organization, params, body },
) => {
  const explanation = await explainEvent(deps, {
    ...parseEvaluation(body),
    organizationId: organization.id,
    project: params.project,
  });
  const { verdict } = explanation;
  return explanationReply(deps, explanation, verdict?.verdict === 'assign' ? verdict.actor : null);
};

/** `assignee` has the issue, or would get it from auto-assignment. */
async function explanationReply(
  deps: OwnershipDeps,
  explanation: Explanation,
  assignee: Actor | null,
): Promise<ApiReply> {
  const names = await namesOf(deps, [...actorsOf(explanation), ...(assignee ? [assignee] : [])]);
  return { status: 200, body: serializeExplanation(explanation, assignee, names) };
}
