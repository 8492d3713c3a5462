import { notFound } from '../domain/errors.ts';
import type { ProjectStore } from '../stores/projects.ts';

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
