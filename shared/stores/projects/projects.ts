import type { OrganizationId, ProjectId, TeamId, UserId } from '../../domain/ids.ts';
import {
  type Project,
  type ProjectWithTeams,
  projectStatuses,
} from '../../domain/projects/project.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { isKeyable } from '../keys.ts';
import { organizationId, projectId } from '../row-fields.ts';
import { flag, map, nullable, number, oneOf, orElse, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Consistency, type Item, type Table } from '../table.ts';

/** What a slug leads to: a project, or, after a rename, the project that used to have it. */
export type ProjectSlug = {
  readonly slug: string;
  readonly projectId: ProjectId;
  readonly isRedirect: boolean;
};

export type ProjectStore = ReturnType<typeof createProjectStore>;

/** Projects, with their teams, by id and by slug. */
export function createProjectStore(table: Table) {
  async function withTeams(projectId: ProjectId): Promise<ProjectWithTeams | undefined> {
    const items = await table.queryAll(
      byPrefix(projectKeys.partition(projectId), projectKeys.corePrefix),
    );
    const project = items.find((item) => item.entity === 'project');
    if (project === undefined) {
      return undefined;
    }
    return {
      project: projectFromItem(project),
      teamIds: items
        .filter((item) => item.entity === 'projectTeam')
        .map((item) => read(item, 'teamId', text)),
    };
  }

  return {
    /** A project and its teams; undefined where there is none. One Query. */
    withTeams,

    /** Projects and their teams, those that exist, by id; one Query each, at once. */
    async manyWithTeams(projectIds: readonly ProjectId[]): Promise<Map<string, ProjectWithTeams>> {
      const distinct = [...new Set(projectIds)];
      const found = await Promise.all(distinct.map(withTeams));
      return new Map(
        found.flatMap((project) =>
          project === undefined ? [] : [[project.project.id, project] as const],
        ),
      );
    },

    /** The projects of these ids that exist, by id. 100 projects a round trip. */
    async byIds(
      projectIds: readonly ProjectId[],
      consistency?: Consistency,
    ): Promise<Map<string, Project>> {
      const items = await table.batchGet(projectIds.map(projectKeys.project), consistency);
      return new Map(items.map(projectFromItem).map((project) => [project.id, project]));
    },

    /** What a slug stands for within an organization; undefined for a free slug. One round trip. */
    async bySlug(organizationId: OrganizationId, slug: string): Promise<ProjectSlug | undefined> {
      if (!isKeyable(slug)) {
        return undefined;
      }
      const item = await table.get(projectKeys.slug(organizationId, slug));
      return item && slugFromItem(item);
    },

    /** The projects of an organization by slug, redirects left out. One Query. */
    async idsOfOrganization(organizationId: OrganizationId): Promise<string[]> {
      const items = await table.queryAll(
        byPrefix(directoryKeys.organizationPartition(organizationId), projectKeys.slugPrefix),
      );
      return items
        .map(slugFromItem)
        .filter((slug) => !slug.isRedirect)
        .map((slug) => slug.projectId);
    },

    /** Which of these projects a user has bookmarked. 100 projects a round trip. */
    async bookmarkedBy(userId: UserId, projectIds: readonly ProjectId[]): Promise<Set<string>> {
      const items = await table.batchGet(projectIds.map((id) => projectKeys.bookmark(id, userId)));
      return new Set(items.map((item) => read(item, 'projectId', projectId)));
    },
  };
}

/** A project's own row as the table holds it. */
export function projectItem(project: Project): Item {
  return { ...projectKeys.project(project.id), entity: 'project', ...project };
}

/** The row that keeps a slug for one project of an organization. */
export function projectSlugItem(organizationId: OrganizationId, slug: ProjectSlug): Item {
  return {
    ...projectKeys.slug(organizationId, slug.slug),
    entity: 'projectSlug',
    organizationId,
    ...slug,
  };
}

/** That a team is on a project, in two rows: one with the project, one with the team. */
export function projectTeamItems(project: Project, teamId: TeamId): Item[] {
  const row = {
    entity: 'projectTeam',
    organizationId: project.organizationId,
    projectId: project.id,
    teamId,
  };
  return [
    { ...projectKeys.team(project.id, teamId), ...row },
    { ...directoryKeys.teamProject(teamId, project.id), ...row },
  ];
}

const projectFromItem = rowReader<Project>({
  id: projectId,
  organizationId,
  slug: text,
  name: text,
  platform: nullable(text),
  status: oneOf(projectStatuses),
  dateCreated: text,
  firstEvent: nullable(text),
  options: map,
  shortIdCounter: number,
  version: number,
});

const slugFromItem = rowReader<ProjectSlug>({
  slug: text,
  projectId,
  isRedirect: orElse(flag, false),
});
