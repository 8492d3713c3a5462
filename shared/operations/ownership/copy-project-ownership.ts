import { conflict, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import {
  changeOwnership,
  newOwnership,
  type OwnershipChange,
  ownershipChanged,
  type ProjectOwnership,
} from '../../domain/ownership/project-ownership.ts';
import type { Project } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetRulesDeps, forgetRules } from './forget-rules.ts';

export type CopyProjectOwnershipDeps = ForgetRulesDeps & {
  readonly ownership: Pick<OwnershipStore, 'ofProject' | 'save'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/**
 * Replaces a project's ownership rules and settings by another project's, with
 * `ownership.changed`; nothing is written where they are the same. What the cache answers is stale
 * from here on: the event says so again.
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
  const { target } = input;
  const copy = async () => {
    const now = deps.clock();
    const [source, { ownership: before, version }] = await Promise.all([
      deps.ownership.ofProject(input.sourceId),
      deps.ownership.ofProject(target.id),
    ]);
    const change = settingsOf(source.ownership ?? newOwnership(now));
    const { ownership: after, changed } = changeOwnership(before, change, now);
    if (after === null || changed.length === 0) {
      return undefined;
    }
    const event = toEventRecord(ownershipChanged(changed, 'ownership', version + 1), {
      ...eventContext(deps, input.initiator, now),
      organizationId: target.organizationId,
      projectId: target.id,
    });
    const save = { project: target, readVersion: version, event };
    const outcome = await deps.ownership.save(save, before, after);
    if (outcome.committed) {
      return forgetRules(deps, target.id);
    }
    if (outcome.refused.includes('project')) {
      throw notFound();
    }
    return AGAIN;
  };
  await redecide<void>(copy, { exhausted: copyFailed });
}

/** The sentence that Sentry's clients know for a copy that did not succeed. */
export function copyFailed(): never {
  throw conflict('Copy project settings failed.');
}

function settingsOf(ownership: ProjectOwnership): OwnershipChange {
  const { dateCreated, lastUpdated, ...settings } = ownership;
  return settings;
}
