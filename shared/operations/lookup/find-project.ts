import { notFound } from '../../domain/errors.ts';
import type { Project } from '../../domain/projects/project.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';

const digits = /^[0-9]+$/;

/** A project as a caller names it, with the slug it has now when it was named by an old one. */
export type NamedProject = { readonly id: string; readonly wasRenamed: boolean };

/**
 * Which project an id or a slug names within an organization. A slug of a renamed project still leads to it. A project
 * id is taken as it is: whether the project is there, and whose it is, shows when it is read. Throws `resource.not_found`
 * for a slug that nobody has. One round trip for a slug, none for an id.
 */
export async function findProject(
  deps: { readonly projects: Pick<ProjectStore, 'bySlug'> },
  organizationId: string,
  idOrSlug: string,
): Promise<NamedProject> {
  if (digits.test(idOrSlug)) return { id: idOrSlug, wasRenamed: false };
  const slug = await deps.projects.bySlug(organizationId, idOrSlug);
  if (slug === undefined) throw notFound();
  return { id: slug.projectId, wasRenamed: slug.isRedirect };
}

/**
 * The project that an id, a slug or an old slug names within an organization. Throws `resource.not_found` for one that is
 * not there, is on its way out, or is another organization's. Two round trips for a slug, one for an id.
 */
export async function findActiveProject(
  deps: { readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'> },
  organizationId: string,
  idOrSlug: string,
): Promise<Project> {
  const { id } = await findProject(deps, organizationId, idOrSlug);
  const project = (await deps.projects.byIds([id])).get(id);
  if (project?.organizationId !== organizationId || project.status !== 'active') throw notFound();
  return project;
}
