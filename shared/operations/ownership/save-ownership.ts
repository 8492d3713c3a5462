import { type Precondition, stateOfOwnership } from '../../domain/editable-state.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import {
  readOwnershipText,
  requireOwnersWithAccess,
  requirePermittedTeams,
} from '../../domain/ownership/ownership-text.ts';
import type { OwnershipChange } from '../../domain/ownership/project-ownership.ts';
import { ownersInOrder, ownerText, type Rule } from '../../domain/ownership/rule.ts';
import type { ResolveOwner } from '../../domain/ownership/schema.ts';
import {
  type RuleTest,
  requireGoodTests,
  type TestResult,
} from '../../domain/ownership/trial/rule-test.ts';
import { changeRules } from '../../domain/ownership/versions/rules-content.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { Initiator } from '../event-context.ts';
import { type CommitRulesDeps, commitRules } from './commit-rules.ts';
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
import { failedTestsOf, type RunTestsDeps } from './run-tests.ts';
import type { SuggestNamesDeps } from './suggest-names.ts';

export type SaveOwnershipDeps = FindOwnershipProjectDeps &
  OwnershipPeopleDeps &
  OwnerAccessDeps &
  SuggestNamesDeps &
  RunTestsDeps &
  CommitRulesDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId' | 'members'>;
  };

export type SaveOwnershipInput = {
  readonly organizationId: OrganizationId;
  /** By id or slug. */
  readonly project: string;
  readonly change: OwnershipChange & { readonly tests?: readonly RuleTest[] };
  /** Saves although tests fail. */
  readonly skipTests?: boolean;
  /**
   * Whether the caller may name any team; else, under closed membership, only those that their user
   * is in.
   */
  readonly isTeamAdmin: boolean;
  readonly initiator: Initiator;
  /** What the rules and settings have to be for the save to be made. */
  readonly precondition?: Precondition | null;
};

/** The rules as they were saved; `failedTests` where tests were not to stop the save. */
export type SavedOwnership = DescribedOwnership & { readonly failedTests?: readonly TestResult[] };

/**
 * Saves a project's rules, tests and settings with `ownership.changed` in one transaction, and then
 * declares stale what the caches know of the project: one write, whatever the number of its groups.
 * Nothing is written or told where nothing changes. Where the text or the tests change, the tests
 * are run, and one that fails stops the save.
 *
 * @throws DomainError `resource.not_found` for the project, `request.invalid` on `raw` for a text
 * that is no rules or names owners who may not own here, and on `tests` for those that fail,
 * `conflict` when others keep saving
 */
export async function saveOwnership(
  deps: SaveOwnershipDeps,
  input: SaveOwnershipInput,
): Promise<SavedOwnership> {
  const project = await findProjectWithTeams(deps, input.organizationId, input.project);
  const change = await validate(deps, project, input);
  let failedTests: readonly TestResult[] = [];
  const { initiator } = input;
  const target = { project: project.project, initiator, source: 'ownership' } as const;
  const saved = await commitRules(deps, target, async (before, now) => {
    input.precondition?.(stateOfOwnership(before));
    const decision = changeRules(before, change, now);
    failedTests = await failedTestsOf(deps, project, decision, input.skipTests);
    return decision;
  });
  const described = await describeOwnership(deps, project, saved);
  return input.skipTests ? { ...described, failedTests } : described;
}

async function validate(
  deps: SaveOwnershipDeps,
  project: ProjectWithTeams,
  input: SaveOwnershipInput,
): Promise<SaveOwnershipInput['change']> {
  requireGoodTests(input.change.tests ?? []);
  if (input.change.raw === undefined) {
    return input.change;
  }
  const { raw, rules } = readOwnershipText(input.change.raw);
  await requireUsableRules(deps, project, rules, input);
  return { ...input.change, raw };
}

/** Throws `request.invalid` on `raw` for owners who may not own here, or may not be named. */
export async function requireUsableRules(
  deps: SaveOwnershipDeps,
  project: ProjectWithTeams,
  rules: readonly Rule[],
  input: Pick<SaveOwnershipInput, 'organizationId' | 'isTeamAdmin' | 'initiator'>,
): Promise<void> {
  const resolve = await readOwnershipPeople(deps, project, ownersInOrder(rules));
  await requireGoodOwners(deps, project, rules, resolve);
  await requireOwnTeams(deps, input, rules, resolve);
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
  {
    organizationId,
    isTeamAdmin,
    initiator,
  }: Pick<SaveOwnershipInput, 'organizationId' | 'isTeamAdmin' | 'initiator'>,
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
