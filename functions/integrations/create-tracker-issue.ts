import { firstCodePoints } from '../../shared/domain/code-points.ts';
import { DomainError, invalidRequest } from '../../shared/domain/errors.ts';
import { LONGEST_TITLE } from '../../shared/domain/sync/new-external-issue.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { parseNewExternalIssue } from '../../shared/http/schemas/sync/external-issue.ts';
import { permalinkOf } from '../../shared/http/serializers/issues/permalink.ts';
import { serializeLinkedIssue } from '../../shared/http/serializers/sync/issue-integration.ts';
import type { IssueRow } from '../../shared/operations/issues/read-issue.ts';
import {
  createdKey,
  createExternalIssue,
} from '../../shared/operations/sync/create-external-issue.ts';
import type { Progress } from '../../shared/stores/repeats.ts';
import type { IntegrationsDeps } from './deps.ts';
import { readTracker } from './read-row.ts';

/** Creates an issue at a tracker, and links an issue to it. */
export const createTrackerIssue: Endpoint<
  'createTrackerIssue' | 'createOrganizationTrackerIssue',
  IntegrationsDeps
> = (deps, request) => {
  const progress = deps.repeats.progressOf(Date.now);
  return orSayWhatIsThere(progress, () =>
    answerForIssue(deps, request, async (groupId) => {
      const { row, integration } = await readTracker(deps, request, groupId);
      const link = await createExternalIssue(deps, {
        ...{ row, integration, progress, requestId: request.initiator.requestId },
        issue: parseNewExternalIssue(integration.provider, request.body),
      });
      return { status: 201, body: serializeLinkedIssue(integration, link) };
    }),
  );
};

/** What people find filled in when they create an issue: the title, and where the issue is here. */
export function suggestionFor(
  { group }: IssueRow,
  { baseUrl, organizations }: Pick<ApiRequest, 'baseUrl' | 'organizations'>,
): { readonly title: string; readonly description: string } {
  const organization = organizations.find(({ id }) => id === group.organizationId);
  const organizationSlug = organization?.slug ?? group.organizationId;
  return {
    title: firstCodePoints(group.title, LONGEST_TITLE),
    description: `${group.shortId}: ${permalinkOf(group.id, { baseUrl, organizationSlug })}`,
  };
}

/** An issue that was created while the issue here went away is told of all the same. */
async function orSayWhatIsThere<T>(
  progress: Pick<Progress, 'noted'>,
  answer: () => Promise<T>,
): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    const key = createdKey(progress);
    if (key === null || !(error instanceof DomainError) || error.code !== 'resource.not_found') {
      throw error;
    }
    throw invalidRequest(`${key} was created, and nothing is linked to it: this issue is gone.`);
  }
}
