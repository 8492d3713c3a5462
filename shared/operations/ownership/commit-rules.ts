import { notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { ownershipChanged } from '../../domain/ownership/project-ownership.ts';
import {
  KEPT_VERSIONS,
  type RulesContent,
  type StoredRules,
} from '../../domain/ownership/versions/rules-content.ts';
import type { Project } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { RulesSaveStore } from '../../stores/ownership/rules-saves.ts';
import type { RulesVersionStore } from '../../stores/ownership/rules-versions.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetRulesDeps, forgetRules } from './forget-rules.ts';

export type CommitRulesDeps = ForgetRulesDeps & {
  readonly ownership: Pick<OwnershipStore, 'rulesOf'>;
  readonly rulesSaves: RulesSaveStore;
  readonly rulesVersions: Pick<RulesVersionStore, 'prune'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/** The rules after a save, and the names of the fields that it changed; none: nothing is saved. */
export type RulesDecision = { readonly after: RulesContent; readonly changed: readonly string[] };

/** Whose rules are saved, by whom, and which of the texts the save is about. */
export type RulesTarget = {
  readonly project: Pick<Project, 'id' | 'organizationId'>;
  readonly initiator: Initiator;
  readonly source: 'ownership' | 'codeowners';
  /** What becomes of a save that others keep overtaking; `conflict` is thrown where absent. */
  readonly exhausted?: () => RulesContent;
};

/**
 * Saves a project's rules as `decide` makes them of those that it is given, until nobody has saved
 * others in between: with `ownership.changed`, and as a version that is kept, in one transaction.
 * What the caches know of the project is declared stale then, and versions beyond the last fifty
 * are removed. Answers the rules as they are afterwards.
 *
 * @throws DomainError `resource.not_found` for a project that is being deleted, `conflict` when
 * others keep saving, and whatever `decide` throws
 */
export function commitRules(
  deps: CommitRulesDeps,
  { project, initiator, source, exhausted }: RulesTarget,
  decide: (before: StoredRules, now: string) => RulesDecision | Promise<RulesDecision>,
): Promise<RulesContent> {
  const attempt = async () => {
    const before = await deps.ownership.rulesOf(project.id);
    const now = deps.clock();
    const { after, changed } = await decide(before, now);
    if (changed.length === 0) {
      return before;
    }
    const version = before.version + 1;
    const event = toEventRecord(ownershipChanged(changed, source, version), {
      ...eventContext(deps, initiator, now),
      organizationId: project.organizationId,
      projectId: project.id,
    });
    const saved = {
      version,
      savedAt: now,
      savedBy: initiator.actingUserId,
      changed: source === 'codeowners' ? ['codeowners'] : changed,
    };
    const outcome = await deps.rulesSaves.commit({ project, saved, event }, before, after);
    if (outcome.committed) {
      await followUp(deps, project.id, version);
      return after;
    }
    if (outcome.refused.includes('project')) {
      throw notFound();
    }
    return AGAIN;
  };
  return redecide<RulesContent>(attempt, exhausted === undefined ? {} : { exhausted });
}

/** What follows a save, and may be left undone: the event and the next save do it again. */
async function followUp(
  deps: CommitRulesDeps,
  projectId: ProjectId,
  version: number,
): Promise<void> {
  await forgetRules(deps, projectId);
  if (version > KEPT_VERSIONS) {
    await deps.rulesVersions.prune(projectId, version);
  }
}
