import type { Operation } from '../../domain/bulk/operation.ts';
import type { RecordedOutcome } from '../../domain/bulk/outcome.ts';
import type { IndexedGroup } from '../../domain/issues/indexed-group.ts';
import { isHeldBy } from '../../domain/ownership/orphan.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import {
  decideOrphan,
  findOrphans,
  type OrphanFinding,
  type ReviewHoldersDeps,
  reviewHolders,
  usesOf,
} from '../ownership/holders/review-holders.ts';
import {
  type ChangeIssueDeps,
  changeIssue,
  type Decided,
  type IssueOf,
  leftAlone,
  type PartOf,
} from './change-issue.ts';
import { type OpenIssuesDeps, pageOfOpenIssues } from './open-issues.ts';
import type { Work } from './work.ts';

export type SweepWorkDeps = ReviewHoldersDeps &
  ChangeIssueDeps &
  OpenIssuesDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'idsOfOrganization'>;
  };

/** Issues changed at the same time. */
const WIDTH = 16;

/**
 * Does with the orphaned issues of an organization what its policy says, and records what became of
 * each: all open issues are looked at, so those that nobody has noted yet are found as well. One
 * that is no orphan any more loses its note, and is none of the operation's.
 */
export function sweepWork(deps: SweepWorkDeps, operation: Operation, requestId: string): Work {
  const { organizationId } = operation;
  return {
    async page(position) {
      const [organization, projectIds] = await Promise.all([
        deps.organizations.byId(organizationId),
        deps.projects.idsOfOrganization(organizationId),
      ]);
      if (organization === undefined) {
        return null;
      }
      const page = await pageOfOpenIssues(deps, projectIds, position);
      const part = { operation, organization, requestId };
      return {
        ...page,
        groupIds: page.issues.map(({ id }) => id),
        apply: (isLeft) =>
          sweepIssues(
            deps,
            part,
            page.issues.filter(({ id }) => isLeft(id)),
          ),
      };
    },
  };
}

async function sweepIssues(
  deps: SweepWorkDeps,
  part: PartOf,
  issues: readonly IndexedGroup[],
): Promise<readonly RecordedOutcome[]> {
  const { operation, organization, requestId } = part;
  const review = { organization, leftProjectId: null, requestId };
  const groupIds = issues.map(({ id }) => id);
  const found = await findOrphans(deps, review, groupIds);
  const orphans = found.filter(({ cause }) => cause !== null);
  if (operation.dryRun) {
    return deps.outcomes.recordAll(
      operation,
      orphans.map((finding) => ({ ...issueOf(finding), ...outcomeOf(finding, part) })),
    );
  }
  const noted = found.filter(({ cause }) => cause === null);
  await reviewHolders(
    deps,
    review,
    noted.map(({ groupId }) => groupId),
  );
  const recorded = await mapConcurrently(WIDTH, orphans, (finding) =>
    endOrphan(deps, part, finding),
  );
  return recorded.flat();
}

function endOrphan(
  deps: SweepWorkDeps,
  part: PartOf,
  finding: OrphanFinding,
): Promise<readonly RecordedOutcome[]> {
  const { facts, successor, holder } = finding;
  const issue = { ...issueOf(finding), uses: usesOf(successor), ...(facts && { facts }) };
  return changeIssue(deps, part, issue, (present, changes) =>
    isHeldBy(present, holder)
      ? {
          changes: decideOrphan(changes, finding, part.organization.orphanPolicy),
          recorded: outcomeOf(finding, part),
        }
      : { changes, recorded: leftAlone('drifted', 'moved') },
  );
}

function issueOf({ groupId, project }: OrphanFinding): IssueOf {
  return { groupId, projectId: project.project.id };
}

function outcomeOf(
  { holder, successor }: OrphanFinding,
  { organization }: PartOf,
): Decided['recorded'] {
  return organization.orphanPolicy === 'keep'
    ? leftAlone('unchanged', 'kept')
    : {
        outcome: 'applied',
        reason: null,
        before: { assignedTo: holder },
        after: { assignedTo: successor?.assignee.actor ?? null },
      };
}
