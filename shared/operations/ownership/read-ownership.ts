import { type Precondition, stateOfOwnership } from '../../domain/editable-state.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { diagnoseRules } from '../../domain/ownership/diagnose-rules.ts';
import type { Diagnostic } from '../../domain/ownership/diagnostic.ts';
import { readRules } from '../../domain/ownership/grammar.ts';
import type { ProjectOwnership } from '../../domain/ownership/project-ownership.ts';
import { ownersInOrder, ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import { presentSchema } from '../../domain/ownership/schema.ts';
import type { RuleTest } from '../../domain/ownership/trial/rule-test.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { findProject } from '../lookup/find-project.ts';
import {
  type OwnerAccessDeps,
  type OwnershipPeopleDeps,
  readOwnerAccess,
  readOwnershipPeople,
} from './read-ownership-people.ts';
import { type SuggestNamesDeps, suggestNames } from './suggest-names.ts';

export type FindOwnershipProjectDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'withTeams'>;
};

export type DescribeOwnershipDeps = OwnershipPeopleDeps & OwnerAccessDeps & SuggestNamesDeps;

export type ReadOwnershipDeps = FindOwnershipProjectDeps &
  DescribeOwnershipDeps & { readonly ownership: Pick<OwnershipStore, 'ofProject'> };

/** A project's rules as they are shown: with those owners only that are somebody today. */
export type DescribedOwnership = {
  /** Null for a project that never saved any. */
  readonly ownership: ProjectOwnership | null;
  readonly tests: readonly RuleTest[];
  readonly schema: ReturnType<typeof presentSchema> | null;
  /** What of the text has no effect. */
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * The project that an id, a slug or an old slug names within an organization, with its teams.
 * Throws `resource.not_found` for one that is not there, is being deleted, or is another
 * organization's. Two round trips for a slug, one for an id.
 */
export async function findProjectWithTeams(
  deps: FindOwnershipProjectDeps,
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<ProjectWithTeams> {
  const { id } = await findProject(deps, organizationId, idOrSlug);
  const found = await deps.projects.withTeams(id);
  if (found?.project.organizationId !== organizationId || found.project.status !== 'active') {
    throw notFound();
  }
  return found;
}

/** Reads a project's rules. Throws `resource.not_found` as `findProjectWithTeams` does. */
export async function readOwnership(
  deps: ReadOwnershipDeps,
  input: { readonly organizationId: OrganizationId; readonly project: string },
): Promise<DescribedOwnership> {
  const project = await findProjectWithTeams(deps, input.organizationId, input.project);
  return describeOwnership(deps, project, await deps.ownership.ofProject(project.project.id));
}

/**
 * Holds a project's rules and settings to a precondition before a request is looked at any further.
 * Throws `resource.not_found` as `findProjectWithTeams` does.
 */
export async function requireOwnershipState(
  deps: FindOwnershipProjectDeps & { readonly ownership: Pick<OwnershipStore, 'ofProject'> },
  input: { readonly organizationId: OrganizationId; readonly project: string },
  precondition: Precondition | null,
): Promise<void> {
  const { project } = await findProjectWithTeams(deps, input.organizationId, input.project);
  if (precondition !== null) {
    precondition(stateOfOwnership(await deps.ownership.ofProject(project.id)));
  }
}

/**
 * Adds to a project's rules who their owners are, and what of them has no effect. Four round trips
 * at most, and two more where names are unknown.
 */
export async function describeOwnership(
  deps: DescribeOwnershipDeps,
  project: ProjectWithTeams,
  { ownership, tests }: Pick<DescribedOwnership, 'ownership' | 'tests'>,
): Promise<DescribedOwnership> {
  if (ownership?.raw == null) {
    return { ownership, tests, schema: null, diagnostics: [] };
  }
  const read = readRules(ownership.raw);
  const rules = read.rules.map(({ rule }) => rule);
  const owners = ownersInOrder(rules);
  const resolve = await readOwnershipPeople(deps, project, owners);
  const strangers = owners.filter((owner) => resolve(owner) === null);
  const access = await readOwnerAccess(deps, project.project.organizationId, strangers);
  const accessOf = (owner: RuleOwner) => access.get(ownerText(owner)) ?? 'hasAccess';
  const unknown = strangers.filter((owner) => accessOf(owner) === 'unknown');
  const suggest = await suggestNames(deps, project.project.organizationId, unknown);
  const diagnostics = diagnoseRules(read, accessOf, suggest);
  return { ownership, tests, schema: presentSchema(rules, resolve), diagnostics };
}
