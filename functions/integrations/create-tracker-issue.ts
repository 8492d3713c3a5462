import { DomainError, invalidRequest } from '../../shared/domain/errors.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { answerForIssue } from '../../shared/http/named-issue.ts';
import { parseNewExternalIssue } from '../../shared/http/schemas/sync/external-issue.ts';
import { serializeLinkedIssue } from '../../shared/http/serializers/sync/issue-integration.ts';
import {
  createdKey,
  createExternalIssue,
  type Progress,
} from '../../shared/operations/sync/create-external-issue.ts';
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
