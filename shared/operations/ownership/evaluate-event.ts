import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import {
  type BegunEvaluation,
  beginEvaluation,
  commitAuthor,
  type OwnershipEvaluation,
  suspectCommitOwner,
} from '../../domain/ownership/evaluate.ts';
import type { SuspectOwner } from '../../domain/ownership/owner-consequences.ts';
import type { RuleOwner } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { Count } from '../deps.ts';
import { type OwnershipPeopleDeps, readOwnershipPeople } from './read-ownership-people.ts';
import type { ProjectRules } from './rule-reader.ts';

export type EvaluateEventDeps = OwnershipPeopleDeps & { readonly count: Count };

const nobody: ResolveOwner = () => null;

/** An event as rules see it. */
export type EventToEvaluate = { readonly event: unknown; readonly platform: string | null };

/**
 * Decides who owns an event by a project's rules: what live events and explanations have in common.
 */
export async function evaluateEvent(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  rules: Pick<ProjectRules, 'rules' | 'codeowners'>,
  event: EventToEvaluate,
): Promise<OwnershipEvaluation> {
  const begun = begin(deps, rules, event);
  return finish(deps, begun, await resolverOf(deps, project, begun.owners));
}

/**
 * Decides so of several events, in their order, for the round trips of one: the owners that match
 * any of them are looked up together.
 */
export async function evaluateEvents(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  rules: Pick<ProjectRules, 'rules' | 'codeowners'>,
  events: readonly EventToEvaluate[],
): Promise<OwnershipEvaluation[]> {
  const begun = events.map((event) => begin(deps, rules, event));
  const owners = begun.flatMap((one) => one.owners);
  const resolve = await resolverOf(deps, project, owners);
  return begun.map((one) => finish(deps, one, resolve));
}

function begin(
  deps: EvaluateEventDeps,
  { rules, codeowners }: Pick<ProjectRules, 'rules' | 'codeowners'>,
  { event, platform }: EventToEvaluate,
): BegunEvaluation {
  const begun = beginEvaluation({ rules, codeowners, event, platform });
  for (const part of begun.unreadable) {
    deps.count('ownership.event_part_unreadable', { part });
  }
  return begun;
}

async function resolverOf(
  deps: EvaluateEventDeps,
  project: ProjectWithTeams,
  owners: readonly RuleOwner[],
): Promise<ResolveOwner> {
  return owners.length === 0 ? nobody : readOwnershipPeople(deps, project, owners);
}

function finish(
  deps: EvaluateEventDeps,
  begun: BegunEvaluation,
  resolve: ResolveOwner,
): OwnershipEvaluation {
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
