import { type Precondition, stateOfOwnership } from '../../domain/editable-state.ts';
import { notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import {
  readOwnershipText,
  requireOwnersWithAccess,
  requirePermittedTeams,
} from '../../domain/ownership/ownership-text.ts';
import {
  changeOwnership,
  type OwnershipChange,
  ownershipChanged,
} from '../../domain/ownership/project-ownership.ts';
import { ownersInOrder, ownerText, type Rule } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetRulesDeps, forgetRules } from './forget-rules.ts';
import {
  type DescribedOwnership,
  describeOwnership,
  type FindOwnershipProjectDeps,
  findProjectWithTeams,
} from './read-ownership.ts';
import {
  type OwnerAccessDeps,
  type OwnershipPeopleDeps,
  readOwnerAccess,
  readOwnershipPeople,
} from './read-ownership-people.ts';
import type { SuggestNamesDeps } from './suggest-names.ts';

export type SaveOwnershipDeps = FindOwnershipProjectDeps &
  OwnershipPeopleDeps &
  OwnerAccessDeps &
  SuggestNamesDeps &
  ForgetRulesDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId' | 'members'>;
    readonly ownership: Pick<OwnershipStore, 'ofProject' | 'save'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  };

export type SaveOwnershipInput = {
  readonly organizationId: OrganizationId;
  /** By id or slug. */
  readonly project: string;
  readonly change: OwnershipChange;
  /**
   * Whether the caller may name any team; else, under closed membership, only those that their user
   * is in.
   */
  readonly isTeamAdmin: boolean;
  readonly initiator: Initiator;
  /** What the rules and settings have to be for the save to be made. */
  readonly precondition?: Precondition | null;
};

/**
 * Saves a project's rules and settings with `ownership.changed` in one transaction, and then
 * declares stale what the caches know of the project: one write, whatever the number of its groups.
 * Nothing is written or told where nothing changes.
 *
 * @throws DomainError `resource.not_found` for the project, `request.invalid` on `raw` for a text
 * that is no rules or names owners who may not own here, `conflict` when others keep saving
 */
export async function saveOwnership(
  deps: SaveOwnershipDeps,
  input: SaveOwnershipInput,
): Promise<DescribedOwnership> {
  const project = await findProjectWithTeams(deps, input.organizationId, input.project);
  const change = await validate(deps, project, input);
  return redecide(async () => {
    const read = await deps.ownership.ofProject(project.project.id);
    input.precondition?.(stateOfOwnership(read.ownership));
    const now = deps.clock();
    const { ownership, changed } = changeOwnership(read.ownership, change, now);
    if (ownership === null || changed.length === 0) {
      return describeOwnership(deps, project, ownership);
    }
    const { id: projectId, organizationId } = project.project;
    const event = toEventRecord(ownershipChanged(changed, 'ownership', read.version + 1), {
      ...eventContext(deps, input.initiator, now),
      organizationId,
      projectId,
    });
    const outcome = await deps.ownership.save(
      { project: project.project, readVersion: read.version, event },
      read.ownership,
      ownership,
    );
    if (outcome.committed) {
      await forgetRules(deps, projectId);
      return describeOwnership(deps, project, ownership);
    }
    if (outcome.refused.includes('project')) {
      throw notFound();
    }
    return AGAIN;
  });
}

async function validate(
  deps: SaveOwnershipDeps,
  project: ProjectWithTeams,
  input: SaveOwnershipInput,
): Promise<OwnershipChange> {
  if (input.change.raw === undefined) {
    return input.change;
  }
  const { raw, rules } = readOwnershipText(input.change.raw);
  const resolve = await readOwnershipPeople(deps, project, ownersInOrder(rules));
  await requireGoodOwners(deps, project, rules, resolve);
  await requireOwnTeams(deps, input, rules, resolve);
  return { ...input.change, raw };
}

async function requireGoodOwners(
  deps: SaveOwnershipDeps,
  { project }: ProjectWithTeams,
  rules: readonly Rule[],
  resolve: ResolveOwner,
): Promise<void> {
  const strangers = ownersInOrder(rules).filter((owner) => resolve(owner) === null);
  if (strangers.length === 0) {
    return;
  }
  const access = await readOwnerAccess(deps, project.organizationId, strangers);
  requireOwnersWithAccess(
    rules,
    project.slug,
    (owner) => access.get(ownerText(owner)) ?? 'hasAccess',
  );
}

/** Names of teams decide who gets issues, so under closed membership people name their own. */
async function requireOwnTeams(
  deps: SaveOwnershipDeps,
  { organizationId, isTeamAdmin, initiator }: SaveOwnershipInput,
  rules: readonly Rule[],
  resolve: ResolveOwner,
): Promise<void> {
  if (isTeamAdmin || !ownersInOrder(rules).some(({ type }) => type === 'team')) {
    return;
  }
  const { actingUserId } = initiator;
  const [organization, profile] = await Promise.all([
    deps.organizations.byId(organizationId),
    actingUserId === null ? undefined : deps.users.profile(actingUserId),
  ]);
  const active = (profile?.teams ?? []).filter(({ isActive }) => isActive);
  const teamIds = new Set(active.map(({ teamId }) => teamId));
  requirePermittedTeams(rules, {
    openMembership: organization?.openMembership === true,
    isTeamAdmin,
    belongsTo: (identifier) => teamIds.has(resolve({ type: 'team', identifier })?.id ?? ''),
  });
}
