import type { Team } from '../../domain/directory.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
import type { Project } from '../../domain/projects/project.ts';
import { projectCreated } from '../../domain/projects/project-events.ts';
import { slugCandidates } from '../../domain/slug.ts';
import type { ProjectChangeStore } from '../../stores/projects/project-changes.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { insertUnderSlug } from '../insert-under-slug.ts';
import {
  ID_TAKEN,
  type SaveWithSnowflakeIdDeps,
  saveWithSnowflakeId,
} from '../save-with-snowflake-id.ts';

export type SaveProjectDeps = SaveWithSnowflakeIdDeps & {
  readonly projects: Pick<ProjectStore, 'bySlug'>;
  readonly projectChanges: Pick<ProjectChangeStore, 'insert'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
  readonly randomInt: (exclusiveMax: number) => number;
};

export type SaveProjectInput = {
  /** The team that the project is for; its organization is the project's. */
  readonly team: Team;
  readonly name: string;
  /** Null for one that is made of the name. */
  readonly slug: string | null;
  readonly platform: string | null;
  readonly initiator: Initiator;
};

/**
 * Creates a project in a team: its row, its slug's guard row, its team and `project.created` are
 * one transaction. A slug that the caller chose and somebody else has is a conflict; where none was
 * chosen the next candidate is taken.
 *
 * @throws DomainError `resource.not_found` for a team that is gone, `conflict` for the slug or for
 * ids, `ids.exhausted`
 */
export function saveProject(deps: SaveProjectDeps, input: SaveProjectInput): Promise<Project> {
  return saveWithSnowflakeId(deps, { model: 'project' }, (id) => insertProject(deps, input, id));
}

async function insertProject(
  deps: SaveProjectDeps,
  input: SaveProjectInput,
  id: string,
): Promise<Project | typeof ID_TAKEN> {
  const { team } = input;
  const { organizationId } = team;
  const now = deps.clock();
  const projectOf = (slug: string): Project => ({
    id,
    organizationId,
    slug,
    name: input.name,
    platform: input.platform,
    status: 'active',
    dateCreated: now,
    firstEvent: null,
    options: {},
    shortIdCounter: 0,
    version: 1,
  });
  const candidates =
    input.slug === null ? slugCandidates(input.name, deps.randomInt) : [input.slug];
  const outcome = await insertUnderSlug(candidates, {
    async isTaken(slug) {
      const holder = await deps.projects.bySlug(organizationId, slug);
      return holder !== undefined && !holder.isRedirect;
    },
    insert(slug) {
      const project = projectOf(slug);
      return deps.projectChanges.insert({
        project,
        teamIds: [team.id],
        event: toEventRecord(projectCreated(project, [team.slug]), {
          ...eventContext(deps, input.initiator, now),
          organizationId,
          projectId: id,
        }),
      });
    },
  });
  switch (outcome.kind) {
    case 'inserted':
      return projectOf(outcome.slug);
    case 'taken':
      throw conflict('A project with this slug already exists.');
    case 'refused':
      if (outcome.by.includes('team')) {
        throw notFound();
      }
      return ID_TAKEN;
  }
}
