import type { Operation } from '../../domain/bulk/operation.ts';
import type { Organization } from '../../domain/directory.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { projectGate } from '../ownership/project-gate.ts';
import type { ProjectRules, RuleReader } from '../ownership/rule-reader.ts';
import { type OpenIssuesDeps, pageOfOpenIssues } from './open-issues.ts';
import { type ReconcileIssuesDeps, reconcileIssues } from './reconcile-issues.ts';
import type { Work } from './work.ts';

export type ReconcileWorkDeps = ReconcileIssuesDeps &
  OpenIssuesDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly projects: Pick<ProjectStore, 'withTeams'>;
    readonly ownership: Pick<OwnershipStore, 'versionOf'>;
    readonly ruleReader: Pick<RuleReader, 'stored'>;
  };

/**
 * Reconciles the rules of a project with its open issues: with each page by the settings and rules
 * that hold then, read again where they were saved meanwhile.
 */
export function reconcileWork(
  deps: ReconcileWorkDeps,
  operation: Operation,
  requestId: string,
): Work {
  const rulesOf = rulesReader(deps);
  return {
    async page(position) {
      const target = await findTarget(deps, operation);
      if (target === null) {
        return null;
      }
      const { organization, project } = target;
      const { id } = project.project;
      const [rules, page] = await Promise.all([
        rulesOf(project),
        pageOfOpenIssues(deps, [id], position),
      ]);
      const isSwitchedOff = projectGate(organization, id).stopped;
      const trial = { project, rules, reconcile: { settings: rules.settings, isSwitchedOff } };
      const part = { operation, organization, requestId };
      return {
        ...page,
        groupIds: page.issues.map((issue) => issue.id),
        apply: (isLeft) =>
          reconcileIssues(
            deps,
            part,
            trial,
            page.issues.filter((issue) => isLeft(issue.id)),
          ),
      };
    },
  };
}

/** Null where the project is gone, or being deleted. */
async function findTarget(
  deps: ReconcileWorkDeps,
  { organizationId, projectId }: Operation,
): Promise<{ readonly organization: Organization; readonly project: ProjectWithTeams } | null> {
  const [organization, project] = await Promise.all([
    deps.organizations.byId(organizationId),
    projectId === null ? undefined : deps.projects.withTeams(projectId),
  ]);
  return organization === undefined || project?.project.status !== 'active'
    ? null
    : { organization, project };
}

/** Reads the rules of a project again once their version is another one. */
function rulesReader(
  deps: ReconcileWorkDeps,
): (project: ProjectWithTeams) => Promise<ProjectRules> {
  let known: { readonly version: number; readonly rules: ProjectRules } | undefined;
  return async (project) => {
    const version = await deps.ownership.versionOf(project.project.id);
    if (known?.version !== version) {
      known = { version, rules: await deps.ruleReader.stored(project) };
    }
    return known.rules;
  };
}
