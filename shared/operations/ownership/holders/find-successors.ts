import { type Actor, formatActor } from '../../../domain/actor.ts';
import type { Organization } from '../../../domain/directory.ts';
import type { GroupId, ProjectId } from '../../../domain/ids.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import type { SeenGroupStore } from '../../../stores/ingest/seen-groups.ts';
import type { GroupStore } from '../../../stores/issues/groups.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import {
  createRuleReader,
  type ProjectRules,
  type RuleReader,
  type RuleReaderDeps,
} from '../rule-reader.ts';
import { type DirectoryDeps, directoryWithout } from './directory-without.ts';
import { findOwnerByRules, type OwnerByRules, type OwnerByRulesDeps } from './owner-by-rules.ts';

export type FindSuccessorsDeps = Omit<OwnerByRulesDeps, 'seenGroups'> & {
  readonly seenGroups: Pick<SeenGroupStore, 'evaluatedAmong'>;
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
  readonly ruleReader: Pick<RuleReader, 'stored'>;
};

/** An issue that its holder shall not have any longer. */
export type OrphanedIssue = {
  readonly groupId: GroupId;
  readonly project: ProjectWithTeams;
  readonly holder: Actor;
};

/** Issues whose rules are evaluated at the same time, and whose events are in memory together. */
const PAGE = 10;

/**
 * Whom today's rules give each of these issues to, in place of who holds it, by issue; those that
 * go to nobody are not among them. The rules of each project are read once, the events of ten
 * issues together: 1.1 round trips an issue, and those of looking up who is named.
 */
export async function findSuccessors(
  deps: FindSuccessorsDeps,
  organization: Organization,
  orphaned: readonly OrphanedIssue[],
): Promise<Map<GroupId, OwnerByRules>> {
  const read = new Map<ProjectId, Promise<ProjectRules>>();
  const rulesOf = (project: ProjectWithTeams) => {
    const { id } = project.project;
    const rules = read.get(id) ?? deps.ruleReader.stored(project);
    read.set(id, rules);
    return rules;
  };
  const found = new Map<GroupId, OwnerByRules>();
  for (let start = 0; start < orphaned.length; start += PAGE) {
    const page = orphaned.slice(start, start + PAGE);
    const events = await deps.seenGroups.evaluatedAmong(
      page.map(({ groupId }) => groupId),
      'consistent',
    );
    const evaluated = async (groupId: GroupId) => events.get(groupId) ?? null;
    const withEvents = { ...deps, seenGroups: { evaluated } };
    const owners = page.map(async ({ groupId, project, holder }) => {
      const rules = await rulesOf(project);
      const target = { organization, project, rules, without: formatActor(holder) };
      const owner = await findOwnerByRules(withEvents, target, { id: groupId });
      if (owner !== null) {
        found.set(groupId, owner);
      }
    });
    await Promise.all(owners);
  }
  return found;
}

export type FindSuccessorsOfDeps = Omit<FindSuccessorsDeps, 'ruleReader'> &
  DirectoryDeps &
  Omit<RuleReaderDeps, 'ownershipCache'>;

/**
 * The same of open issues of an actor who leaves the organization, or of a team that is deleted:
 * whom their rules will give them to, by a directory without that actor. At most 100 issues.
 */
export async function findSuccessorsOf(
  deps: FindSuccessorsOfDeps,
  input: {
    readonly organization: Organization;
    readonly holder: Actor;
    readonly groupIds: readonly GroupId[];
  },
): Promise<Map<GroupId, OwnerByRules>> {
  const { organization, holder } = input;
  const then = { ...deps, ...directoryWithout(deps, organization, holder) };
  const ruleReader = createRuleReader({ ...then, ownershipCache: null });
  const rows = [...(await deps.groups.withAssignments(input.groupIds)).values()];
  const open = rows.filter(({ group }) => group.status === 'unresolved');
  const projects = await then.projects.manyWithTeams(open.map(({ group }) => group.projectId));
  const orphaned = open.flatMap(({ group: { id: groupId, projectId } }) => {
    const project = projects.get(projectId);
    return project === undefined ? [] : [{ groupId, project, holder }];
  });
  return findSuccessors({ ...then, ruleReader }, organization, orphaned);
}
