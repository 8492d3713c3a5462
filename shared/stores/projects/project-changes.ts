import type { EventRecord } from '../../domain/events.ts';
import type { ProjectId, TeamId, UserId } from '../../domain/ids.ts';
import type { Project } from '../../domain/projects/project.ts';
import { hasChanges, type ProjectChanges } from '../../domain/projects/project-update.ts';
import { type AsRead, onlyAsRead } from '../as-read.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  doesNotExist,
  exists,
  isActive,
  leadsToProject,
  versionIs,
} from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { recordEvent, recordEvents } from '../outbox.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { projectItem, projectSlugItem, projectTeamItems } from './projects.ts';

/** Whether a user bookmarks a project, or no longer does. */
export type ProjectBookmark = {
  readonly userId: UserId;
  readonly isBookmarked: boolean;
  readonly now: string;
};

/** What of a project was compared with what a request was made for, and by which user. */
export type ProjectAsRead = {
  readonly project: Pick<Project, 'id' | 'version'>;
  readonly userId: UserId | null;
  readonly isBookmarked: boolean;
};

export type ProjectChangeStore = ReturnType<typeof createProjectChangeStore>;

/**
 * Adds and updates projects. A refusal names the write that was refused: `project` (a new one's id
 * is taken; an existing one has changed, or is being deleted), `slug` (another project has it),
 * `team` (it is gone).
 */
export function createProjectChangeStore(transact: Transact) {
  return {
    /** Adds a project with its slug, its teams and the event that tells of it. One round trip. */
    insert(input: {
      readonly project: Project;
      readonly teamIds: readonly TeamId[];
      readonly event: EventRecord;
    }) {
      const { project, teamIds, event } = input;
      return transact([
        insertProject(project),
        takeSlug(project),
        ...teamIds.flatMap((teamId) => attachTeam(project, teamId)),
        recordEvent(event),
      ]);
    },

    /**
     * Commits an update with the events that tell of it, and the acting user's bookmark; a bookmark
     * alone changes nothing of the project and has none. One round trip; none where there is
     * nothing to do. With `asRead` it holds only while all that was compared is still so.
     */
    update(input: {
      readonly changes: ProjectChanges;
      readonly events: readonly EventRecord[];
      readonly bookmark: ProjectBookmark | null;
      readonly asRead?: ProjectAsRead | null;
    }) {
      const { changes, events, bookmark, asRead = null } = input;
      const rows = projectAsRead(asRead);
      const own = bookmark === null ? [] : [writeBookmark(changes.project, bookmark)];
      if (!hasChanges(changes)) {
        const active = checkProjectIsActive(changes.project.id);
        return transact(onlyAsRead(own.length === 0 ? [] : [active, ...own], rows));
      }
      const writes = [...writesOfChanges(changes), ...recordEvents(events), ...own];
      return transact(onlyAsRead(writes, rows));
    },
  };
}

/** Lets a transaction commit only while the project is active. */
export function checkProjectIsActive(projectId: ProjectId): Write<'project'> {
  return {
    name: 'project',
    check: {
      Key: projectKeys.project(projectId),
      ...isActive,
    },
  };
}

function projectAsRead(asRead: ProjectAsRead | null): AsRead[] {
  if (asRead === null) {
    return [];
  }
  const { project, userId, isBookmarked } = asRead;
  return [
    { key: projectKeys.project(project.id), condition: versionIs(project.version) },
    ...(userId === null
      ? []
      : [
          {
            key: projectKeys.bookmark(project.id, userId),
            condition: isBookmarked ? exists : doesNotExist,
          },
        ]),
  ];
}

function writesOfChanges({ before, project, attached, detached }: ProjectChanges) {
  const isRenamed = before.project.slug !== project.slug;
  return [
    updateProject(before.project, project),
    ...(isRenamed ? [takeSlug(project), leaveRedirect(before.project)] : []),
    ...attached.flatMap((teamId) => attachTeam(project, teamId)),
    ...detached.flatMap((teamId) => detachTeam(project.id, teamId)),
  ];
}

function insertProject(project: Project): Write<'project'> {
  return {
    name: 'project',
    put: { Item: projectItem(project), ...doesNotExist },
  };
}

/**
 * Sets only what an update can change: the counter of short ids may rise while a project is being
 * updated.
 */
function updateProject(read: Project, next: Project): Write<'project'> {
  const { name, slug, platform, options, version } = next;
  return {
    name: 'project',
    update: updateRow(
      projectKeys.project(read.id),
      { set: { name, slug, platform, options, version } },
      allOf(versionIs(read.version), isActive),
    ),
  };
}

/**
 * A slug is free to take when nobody has it, or when it only leads to a project that no longer has
 * it.
 */
export function takeSlug({ organizationId, slug, id: projectId }: Project): Write<'slug'> {
  return {
    name: 'slug',
    put: {
      Item: projectSlugItem(organizationId, { slug, projectId, isRedirect: false }),
      ...anyOf(doesNotExist, attributeIs('isRedirect', true)),
    },
  };
}

/** The slug that a project had redirects to it from now on. */
function leaveRedirect({ organizationId, slug, id: projectId }: Project): Write<'old slug'> {
  return {
    name: 'old slug',
    put: {
      Item: projectSlugItem(organizationId, { slug, projectId, isRedirect: true }),
      ...leadsToProject(projectId),
    },
  };
}

function attachTeam(project: Project, teamId: TeamId): Write<'team' | 'project team'>[] {
  return [
    {
      name: 'team',
      check: { Key: directoryKeys.team(teamId), ...exists },
    },
    ...projectTeamItems(project, teamId).map(
      (Item): Write<'project team'> => ({ name: 'project team', put: { Item } }),
    ),
  ];
}

function detachTeam(projectId: ProjectId, teamId: TeamId): Write<'project team'>[] {
  return [projectKeys.team(projectId, teamId), directoryKeys.teamProject(teamId, projectId)].map(
    (Key) => ({ name: 'project team', delete: { Key } }),
  );
}

function writeBookmark(
  project: Project,
  { userId, isBookmarked, now }: ProjectBookmark,
): Write<'project bookmark'> {
  const name = 'project bookmark';
  const key = projectKeys.bookmark(project.id, userId);
  if (!isBookmarked) {
    return { name, delete: { Key: key } };
  }
  const { organizationId, id: projectId } = project;
  const row = { entity: 'projectBookmark', organizationId, projectId, userId, dateAdded: now };
  return { name, put: { Item: { ...key, ...row } } };
}
