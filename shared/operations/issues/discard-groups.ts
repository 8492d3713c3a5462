import { hasFeature } from '../../domain/directory.ts';
import type { Precondition } from '../../domain/editable-state.ts';
import { invalidFields, notFound } from '../../domain/errors.ts';
import { requireDiscardable } from '../../domain/issues/merge.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { BeginRecord } from '../bulk/bulk-record.ts';
import type { Initiator } from '../event-context.ts';
import type { WhileCounted } from '../while-counted.ts';
import {
  type DeleteIssuesDeps,
  type DeleteIssuesOutcome,
  deleteIssues,
  type IssuesInScopeDeps,
  type IssuesScope,
  issuesInScope,
} from './delete-issues.ts';
import { type OwnFlagsDeps, stateRequirement } from './require-issue-state.ts';

export type DiscardGroupsDeps = DeleteIssuesDeps &
  OwnFlagsDeps & { readonly organizations: Pick<OrganizationStore, 'byId'> };

const FEATURE = 'discard-groups';

/**
 * Discards issues: they are deleted, and events that lead to them are dropped from then on, where
 * the organization has switched that on and the caller may. Everything is validated before one of
 * them goes.
 *
 * @throws DomainError `request.invalid` for who may not, for an organization without the feature,
 * for issues that are no errors
 */
export async function discardGroups(
  deps: DiscardGroupsDeps,
  input: DiscardInput & {
    readonly initiator: Initiator;
    readonly whileCounted?: WhileCounted;
    readonly begin?: BeginRecord;
  },
): Promise<DeleteIssuesOutcome> {
  await requireDiscardableIssues(deps, input);
  const { actingUserId } = input.initiator;
  const requireState = stateRequirement(deps, actingUserId, input.precondition);
  return deleteIssues(deps, { ...input, requireState, isDiscard: true });
}

type DiscardInput = IssuesScope & {
  readonly mayDiscard: boolean;
  readonly precondition?: Precondition | null;
};

/** Holds a request to discard issues to all that is required of it. Throws as `discardGroups`. */
export async function requireDiscardableIssues(
  deps: IssuesInScopeDeps & Pick<DiscardGroupsDeps, 'organizations'>,
  input: DiscardInput,
): Promise<void> {
  if (!input.mayDiscard) {
    throw invalidFields({ discard: ['You do not have permission to discard events'] });
  }
  const [organization, rows] = await Promise.all([
    deps.organizations.byId(input.organizationId),
    issuesInScope(deps, input),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  if (!hasFeature(organization, FEATURE)) {
    throw invalidFields({ detail: ['You do not have that feature enabled'] });
  }
  requireDiscardable(rows.map(({ group }) => group));
}
