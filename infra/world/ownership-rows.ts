import { randomUUID } from 'node:crypto';
import { toEventRecord, toOrganizationEventRecord } from '../../shared/domain/events.ts';
import {
  namesChanged,
  newOwnership,
  ownershipChanged,
} from '../../shared/domain/ownership/project-ownership.ts';
import { parseAutoAssignment } from '../../shared/domain/ownership/settings.ts';
import { type RuleTest, requireGoodTests } from '../../shared/domain/ownership/trial/rule-test.ts';
import type { Project } from '../../shared/domain/projects/project.ts';
import { outboxItem } from '../../shared/stores/outbox.ts';
import { codeownersItems, ownershipItems } from '../../shared/stores/ownership/ownership.ts';
import type { Item } from '../../shared/stores/table.ts';
import type { Entry, World } from './schema.ts';
import type { WorldIndex } from './world-index.ts';

type ProjectIds = Pick<Project, 'id' | 'organizationId'>;

/** The version of rows from a world, before the first save. */
const SEEDED_VERSION = 0;

/** The rows of a project's rules, and the event that invalidates the project's caches. */
export function ownershipRows(entry: Entry<'ownership'>, project: ProjectIds, now: string): Item[] {
  const ownership = {
    ...newOwnership(now),
    raw: entry.raw.trim() === '' ? null : entry.raw,
    ...(entry.autoAssignment === undefined ? {} : parseAutoAssignment(entry.autoAssignment)),
    ...(entry.fallthrough === undefined ? {} : { fallthrough: entry.fallthrough }),
    ...(entry.codeownersAutoSync === undefined
      ? {}
      : { codeownersAutoSync: entry.codeownersAutoSync }),
  };
  return [
    ...ownershipItems(project, ownership, SEEDED_VERSION, testsOf(entry)),
    changedItem(project, ['raw'], 'ownership', now),
  ];
}

function testsOf({ tests = [] }: Entry<'ownership'>): RuleTest[] {
  const given = tests.map(({ platform = null, ...test }) => ({ ...test, platform }));
  requireGoodTests(given);
  return given;
}

/**
 * The rows of a project's CODEOWNERS file, and the same event. A project has one file in a world,
 * so its id is fixed.
 */
export function codeownersRows(
  entry: Entry<'codeowners'>,
  project: ProjectIds,
  now: string,
): Item[] {
  const codeowners = {
    id: '1',
    raw: entry.raw,
    codeMapping: entry.codeMapping ?? { sourceRoot: '', stackRoot: '' },
    dateCreated: now,
    dateUpdated: now,
  };
  return [
    ...codeownersItems(project, codeowners, SEEDED_VERSION),
    changedItem(project, ['raw', 'codeMapping'], 'codeowners', now),
  ];
}

function changedItem(
  { id: projectId, organizationId }: ProjectIds,
  changed: readonly string[],
  source: 'ownership' | 'codeowners',
  now: string,
): Item {
  return outboxItem(
    toEventRecord(ownershipChanged(changed, source, SEEDED_VERSION), {
      eventId: randomUUID(),
      occurredAt: now,
      requestId: 'seed',
      organizationId,
      projectId,
      actor: null,
    }),
  );
}

/**
 * Events for a running stack: owners' names may resolve differently now. One for each organization
 * of which the world has people, teams, projects or accounts.
 */
export function namesChangedRows(world: World, look: WorldIndex, now: string): Item[] {
  const named = [...world.members, ...world.teams, ...world.projects, ...world.integrations];
  const ids = new Set(named.map(({ organization }) => look.organizationId(organization)));
  return [...ids].map((organizationId) =>
    outboxItem(
      toOrganizationEventRecord(
        namesChanged(['people', 'memberships', 'external_users', 'external_teams']),
        { eventId: randomUUID(), occurredAt: now, requestId: 'seed', organizationId, actor: null },
      ),
    ),
  );
}
