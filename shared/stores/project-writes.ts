import type { Project } from '../domain/project.ts';
import { directoryKeys, projectKeys } from './keys.ts';
import { projectItem, projectSlugItem, projectTeamItems } from './projects.ts';
import type { Write } from './transaction.ts';

/** The names by which a refused transaction says what stood in a project's way. */
export const projectRefusals = {
  /** The id is taken; at an update: the project has changed, or is on its way out. */
  project: 'project',
  /** Another project has the slug. */
  slug: 'slug',
  /** The team is gone. */
  team: 'team',
} as const;

/** Adds a project, if its id is free. */
export function insertProject(project: Project): Write {
  return {
    name: projectRefusals.project,
    put: { Item: projectItem(project), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/**
 * Writes what an update can change of a project, if it is as it was read. The counter of its short ids is left alone: that
 * rises while a project is being updated.
 */
export function updateProject(read: Project, next: Project): Write {
  return {
    name: projectRefusals.project,
    update: {
      Key: projectKeys.project(read.id),
      UpdateExpression:
        'SET #name = :name, slug = :slug, platform = :platform, #options = :options, #version = :version',
      ConditionExpression: '#version = :readVersion AND #status = :active',
      ExpressionAttributeNames: {
        '#name': 'name',
        '#options': 'options',
        '#version': 'version',
        '#status': 'status',
      },
      ExpressionAttributeValues: {
        ':name': next.name,
        ':slug': next.slug,
        ':platform': next.platform,
        ':options': next.options,
        ':version': next.version,
        ':readVersion': read.version,
        ':active': 'active',
      },
    },
  };
}

/** Holds a transaction to a project that is not on its way out. */
export function checkProjectIsActive(projectId: string): Write {
  return {
    name: projectRefusals.project,
    check: {
      Key: projectKeys.project(projectId),
      ConditionExpression: '#status = :active',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':active': 'active' },
    },
  };
}

/** Takes a slug for a project, if it is free, or leads to a project that no longer has it. */
export function takeSlug(project: Project): Write {
  const { organizationId, slug, id: projectId } = project;
  return {
    name: projectRefusals.slug,
    put: {
      Item: projectSlugItem(organizationId, { slug, projectId, isRedirect: false }),
      ConditionExpression: 'attribute_not_exists(pk) OR isRedirect = :true',
      ExpressionAttributeValues: { ':true': true },
    },
  };
}

/** Makes the slug that a project had lead to it from now on. */
export function leaveRedirect(project: Project): Write {
  const { organizationId, slug, id: projectId } = project;
  return {
    name: projectRefusals.project,
    put: {
      Item: projectSlugItem(organizationId, { slug, projectId, isRedirect: true }),
      ConditionExpression: 'projectId = :projectId',
      ExpressionAttributeValues: { ':projectId': projectId },
    },
  };
}

/** Puts a team on a project, if the team is still there. */
export function attachTeam(project: Project, teamId: string): Write[] {
  return [
    {
      name: projectRefusals.team,
      check: {
        Key: directoryKeys.team(teamId),
        ConditionExpression: 'attribute_exists(pk)',
      },
    },
    ...projectTeamItems(project, teamId).map((Item) => ({
      name: 'project team',
      put: { Item },
    })),
  ];
}

/** Takes a team off a project. */
export function detachTeam(projectId: string, teamId: string): Write[] {
  return [projectKeys.team(projectId, teamId), directoryKeys.teamProject(teamId, projectId)].map(
    (Key) => ({ name: 'project team', delete: { Key } }),
  );
}

/** Sets or removes a user's bookmark of a project. */
export function writeProjectBookmark(
  project: Project,
  bookmark: { readonly userId: string; readonly isBookmarked: boolean; readonly now: string },
): Write {
  const { userId, isBookmarked, now } = bookmark;
  const Key = projectKeys.bookmark(project.id, userId);
  if (!isBookmarked) return { name: 'project bookmark', delete: { Key } };
  const { organizationId, id: projectId } = project;
  return {
    name: 'project bookmark',
    put: {
      Item: {
        ...Key,
        entity: 'projectBookmark',
        organizationId,
        projectId,
        userId,
        dateAdded: now,
      },
    },
  };
}
