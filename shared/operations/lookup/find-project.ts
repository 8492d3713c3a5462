import { isDigits } from '../../domain/digits.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';

/** Longer than any slug and any id. */
const LONGEST_NAME = 256;

/** A project as a caller names it, with the slug it has now when it was named by an old one. */
export type NamedProject = { readonly id: string; readonly wasRenamed: boolean };

/**
 * Which project an id or a slug names within an organization. A slug of a renamed project still
 * leads to it. A project id is taken as it is: whether the project is there, and whose it is, shows
 * when it is read. Throws `resource.not_found` for a slug that nobody has. One round trip for a
 * slug, none for an id.
 */
export async function findProject(
  deps: { readonly projects: Pick<ProjectStore, 'bySlug'> },
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<NamedProject> {
  if (isDigits(idOrSlug)) {
    return { id: idOrSlug, wasRenamed: false };
  }
  const slug = await deps.projects.bySlug(organizationId, idOrSlug);
  if (slug === undefined) {
    throw notFound();
  }
  return { id: slug.projectId, wasRenamed: slug.isRedirect };
}

export type KnownProjectDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
};

/** Whether an id or a slug, also an old one, names a project of an organization. */
export async function isProjectOf(
  deps: KnownProjectDeps,
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<boolean> {
  if (idOrSlug.length > LONGEST_NAME) {
    return false;
  }
  if (!isDigits(idOrSlug)) {
    return (await deps.projects.bySlug(organizationId, idOrSlug)) !== undefined;
  }
  const project = (await deps.projects.byIds([idOrSlug])).get(idOrSlug);
  return project?.organizationId === organizationId;
}

/**
 * The projects of an organization that ids and slugs name, as far as that shows without reading
 * them; null stands for all of them, as a request does that names none.
 */
export async function findProjects(
  deps: { readonly projects: Pick<ProjectStore, 'bySlug'> },
  organizationId: OrganizationId,
  named: readonly string[] | null,
): Promise<string[] | null> {
  if (named === null) {
    return null;
  }
  if (named.some((project) => project.length > LONGEST_NAME)) {
    throw notFound();
  }
  const found = await Promise.all(
    [...new Set(named)].map((project) => findProject(deps, organizationId, project)),
  );
  return [...new Set(found.map(({ id }) => id))];
}

/**
 * Holds projects that a request names to those that are there for it. Throws `resource.not_found`
 * for any other.
 */
export function requireProjects(
  organizationId: OrganizationId,
  named: readonly string[] | null,
  found: ReadonlyMap<string, Project>,
): void {
  for (const id of named ?? []) {
    if (found.get(id)?.organizationId !== organizationId || found.get(id)?.status !== 'active') {
      throw notFound();
    }
  }
}

/**
 * The project that an id, a slug or an old slug names within an organization. Throws
 * `resource.not_found` for one that is not there, is being deleted, or is another organization's.
 * Two round trips for a slug, one for an id.
 */
export async function findActiveProject(
  deps: { readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'> },
  organizationId: OrganizationId,
  idOrSlug: string,
): Promise<Project> {
  const { id } = await findProject(deps, organizationId, idOrSlug);
  const project = (await deps.projects.byIds([id])).get(id);
  if (project?.organizationId !== organizationId || project.status !== 'active') {
    throw notFound();
  }
  return project;
}
