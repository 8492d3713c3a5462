import { conflict } from '../../domain/errors.ts';
import {
  newOwnership,
  type OwnershipChange,
  type ProjectOwnership,
} from '../../domain/ownership/project-ownership.ts';
import { changeRules } from '../../domain/ownership/versions/rules-content.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Initiator } from '../event-context.ts';
import { type CommitRulesDeps, commitRules } from './commit-rules.ts';

export type CopyProjectOwnershipDeps = CommitRulesDeps & {
  readonly ownership: Pick<OwnershipStore, 'ofProject'>;
};

/**
 * Replaces a project's ownership rules, tests and settings by another project's, with
 * `ownership.changed`; nothing is written where they are the same. What the cache answers is stale
 * from here on: the event says so again. The tests are not run: people and teams differ.
 *
 * @throws DomainError `resource.not_found` for a project being deleted, `conflict` when others
 * keep saving its rules
 */
export async function copyProjectOwnership(
  deps: CopyProjectOwnershipDeps,
  input: {
    readonly sourceId: string;
    readonly target: Project;
    readonly initiator: Initiator;
  },
): Promise<void> {
  const { target: project, initiator } = input;
  const target = { project, initiator, source: 'ownership', exhausted: copyFailed } as const;
  await commitRules(deps, target, async (before, now) => {
    const { ownership, tests } = await deps.ownership.ofProject(input.sourceId);
    return changeRules(before, { ...settingsOf(ownership ?? newOwnership(now)), tests }, now);
  });
}

/** The sentence that Sentry's clients know for a copy that did not succeed. */
export function copyFailed(): never {
  throw conflict('Copy project settings failed.');
}

function settingsOf(ownership: ProjectOwnership): OwnershipChange {
  const { dateCreated, lastUpdated, ...settings } = ownership;
  return settings;
}
