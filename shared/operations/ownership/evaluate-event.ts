import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import {
  beginEvaluation,
  commitAuthor,
  type OwnershipEvaluation,
  suspectCommitOwner,
} from '../../domain/ownership/evaluate.ts';
import type { SuspectOwner } from '../../domain/ownership/owner-consequences.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { Count } from '../deps.ts';
import { type OwnershipPeopleDeps, readOwnershipPeople } from './read-ownership-people.ts';
import type { ProjectRules } from './rule-reader.ts';

export type EvaluateEventDeps = OwnershipPeopleDeps & { readonly count: Count };

const nobody: ResolveOwner = () => null;

/**
 * Decides who owns an event by a project's rules: what live events and explanations have in common.
 */
export async function evaluateEvent(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  { rules, codeowners }: ProjectRules,
  { event, platform }: { readonly event: unknown; readonly platform: string | null },
): Promise<OwnershipEvaluation> {
  const begun = beginEvaluation({ rules, codeowners, event, platform });
  for (const part of begun.unreadable) {
    deps.count('ownership.event_part_unreadable', { part });
  }
  const resolve =
    begun.owners.length === 0 ? nobody : await readOwnershipPeople(deps, project, begun.owners);
  const evaluation = begun.finish(resolve);
  if (evaluation.isCutShort) {
    deps.count('ownership.evaluation_cut_short');
  }
  return evaluation;
}

/**
 * The authors of suspect commits who may own issues of the project; whoever is not found is left
 * out.
 */
export async function findSuspects(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  commits: readonly SuspectCommit[],
): Promise<SuspectOwner[]> {
  if (commits.length === 0) {
    return [];
  }
  const authors = commits.map(commitAuthor).filter((author) => author !== null);
  const resolve = await readOwnershipPeople(deps, project, authors);
  return commits.flatMap((commit) => {
    const actor = suspectCommitOwner(commit, resolve);
    return actor === null ? [] : [{ actor, commitId: commit.id }];
  });
}
