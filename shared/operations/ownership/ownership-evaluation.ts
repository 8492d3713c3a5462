import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import {
  evaluateOwnership,
  type OwnershipEvaluation,
  suspectCommitOwner,
} from '../../domain/ownership/evaluate.ts';
import type { SuspectOwner } from '../../domain/ownership/explain-owners.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { Count } from '../deps.ts';
import { type OwnershipPeopleDeps, readOwnershipPeople } from './ownership-people.ts';
import type { ProjectRules } from './ownership-rules.ts';

export type EvaluateEventDeps = OwnershipPeopleDeps & { readonly count: Count };

const nobody: ResolveOwner = () => null;

/** Decides who owns an event by a project's rules: what live events and explanations have in common. */
export async function evaluateEvent(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  { rules, codeowners }: ProjectRules,
  { event, platform }: { readonly event: unknown; readonly platform: string | null },
): Promise<OwnershipEvaluation> {
  const all = [...rules.rules, ...codeowners.rules];
  const withUsers = all.some(({ owners }) => owners.some(({ type }) => type === 'user'));
  const resolve =
    all.length === 0 ? nobody : await readOwnershipPeople(deps, project, { withUsers });
  const evaluation = evaluateOwnership({ rules, codeowners, event, platform, resolve });
  if (evaluation.isCutShort) deps.count('ownership.evaluation_cut_short');
  return evaluation;
}

/** The authors of suspect commits who may own issues of the project; whoever is not found is left out. */
export async function findSuspects(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  commits: readonly SuspectCommit[],
): Promise<SuspectOwner[]> {
  if (commits.length === 0) return [];
  const resolve = await readOwnershipPeople(deps, project, { withUsers: true });
  return commits.flatMap((commit) => {
    const actor = suspectCommitOwner(commit, resolve);
    return actor === null ? [] : [{ actor, commitId: commit.id }];
  });
}
