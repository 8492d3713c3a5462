import type { Organization } from '../../../domain/directory.ts';
import { toOrganizationEventRecord } from '../../../domain/events.ts';
import type { OrganizationId, ProjectId } from '../../../domain/ids.ts';
import { leaseStep } from '../../../domain/issues/assignee.ts';
import { deassign, tellEnding } from '../../../domain/issues/assignment.ts';
import { isVisible } from '../../../domain/issues/group.ts';
import {
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../../../domain/issues/group-changes.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { AssignmentStore } from '../../../stores/issues/assignments.ts';
import type { AssignedGroupRow } from '../../../stores/issues/groups.ts';
import type { OutboxRecorder } from '../../../stores/outbox.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import { eventContext, systemInitiator } from '../../event-context.ts';
import { type ChangeGroupDeps, changeGroup, completeFacts } from '../../issues/change-group.ts';
import { assignAs } from '../auto-assign.ts';
import type { RuleReader } from '../rule-reader.ts';
import { findOwnerByRules, type OwnerByRules, type OwnerByRulesDeps } from './owner-by-rules.ts';

export type EndLeasesDeps = ChangeGroupDeps &
  OwnerByRulesDeps & {
    readonly assignments: Pick<AssignmentStore, 'leasesDue' | 'partsOfLeases'>;
    readonly organizations: Pick<OrganizationStore, 'byIds'>;
    readonly projects: Pick<ProjectStore, 'manyWithTeams'>;
    readonly ruleReader: Pick<RuleReader, 'stored'>;
    readonly outbox: Pick<OutboxRecorder, 'record'>;
  };

/** How many assignments ended, and of how many the end was told. */
export type EndedLeases = { readonly ended: number; readonly told: number };

const PAGE_SIZE = 100;
/** Groups of a project changed at the same time, and projects, in each part of the index. */
const WIDTH = 8;
const PROJECTS = 2;

type Run = { readonly requestId: string; readonly hasTime: () => boolean };

/**
 * Ends the assignments whose time has run out, and tells of those that end within the hour. Of each
 * part of the index the first page; where there is more, an event has a worker end the rest of that
 * part, so that a hundred thousand which end in one minute are ended at the same time. An
 * assignment that was renewed or changed meanwhile is left alone. What ends is unassigned or, where
 * the organization reroutes, given to whom today's rules name. The parts are walked at the same
 * time.
 */
export async function endLeases(deps: EndLeasesDeps, run: Run): Promise<EndedLeases> {
  const parts = deps.assignments.partsOfLeases();
  const walks = await mapConcurrently(parts.length, parts, (part) => begin(deps, part, run));
  return total(walks);
}

/**
 * The same for all of one part of the index, page by page, until none is due or `hasTime` says no:
 * the next run of the schedule finds what is left.
 */
export async function endLeasesOfPart(
  deps: EndLeasesDeps,
  part: number,
  run: Run,
): Promise<EndedLeases> {
  const done: EndedLeases[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await pageOf(deps, part, after);
    done.push(await endPage(deps, page.rows, run));
    after = page.next;
  } while (after !== undefined && run.hasTime());
  return total(done);
}

/** Ends the first page of a part with an issue that people see, and has a worker end the rest. */
async function begin(deps: EndLeasesDeps, part: number, run: Run): Promise<EndedLeases> {
  let page = await pageOf(deps, part);
  while (page.rows.length === 0 && page.next !== undefined && run.hasTime()) {
    page = await pageOf(deps, part, page.next);
  }
  const [first] = page.rows;
  if (page.next !== undefined && first !== undefined) {
    const { organizationId } = first.group;
    await deps.outbox.record([
      toOrganizationEventRecord(
        { type: 'assignments.leases_due', version: 1, data: { part } },
        { ...eventContext(deps, systemInitiator(run.requestId), deps.clock()), organizationId },
      ),
    ]);
  }
  return endPage(deps, page.rows, run);
}

/** The issues of a page of what is due that people see, and where the next page begins. */
async function pageOf(
  deps: EndLeasesDeps,
  part: number,
  after?: Record<string, unknown>,
): Promise<{
  readonly rows: readonly AssignedGroupRow[];
  readonly next: Record<string, unknown> | undefined;
}> {
  const { groupIds, next } = await deps.assignments.leasesDue({
    part,
    now: deps.clock(),
    limit: PAGE_SIZE,
    ...(after === undefined ? {} : { after }),
  });
  const read = await deps.groups.withAssignments(groupIds);
  return { rows: [...read.values()].filter(({ group }) => isVisible(group.status)), next };
}

/** The groups of a page, project by project: rules of two projects are held. */
async function endPage(
  deps: EndLeasesDeps,
  found: readonly AssignedGroupRow[],
  run: Run,
): Promise<EndedLeases> {
  const organizations = await organizationsOf(deps, found);
  const projects = Map.groupBy(found, ({ group }) => group.projectId);
  const done = await mapConcurrently(PROJECTS, [...projects], async ([projectId, rows]) => {
    const organization = organizations.get(rows[0]?.group.organizationId ?? '');
    return organization === undefined
      ? { ended: 0, told: 0 }
      : endInProject(deps, { organization, projectId, rows }, run);
  });
  return total(done);
}

async function organizationsOf(
  deps: EndLeasesDeps,
  rows: readonly AssignedGroupRow[],
): Promise<Map<OrganizationId, Organization>> {
  const ids = [...new Set(rows.map(({ group }) => group.organizationId))];
  const organizations = await deps.organizations.byIds(ids);
  return new Map(organizations.map((organization) => [organization.id, organization]));
}

async function endInProject(
  deps: EndLeasesDeps,
  {
    organization,
    projectId,
    rows,
  }: {
    readonly organization: Organization;
    readonly projectId: ProjectId;
    readonly rows: readonly AssignedGroupRow[];
  },
  run: Run,
): Promise<EndedLeases> {
  const ownerOf = ownerFinder(deps, organization, projectId);
  const steps = await mapConcurrently(WIDTH, rows, async (row) => {
    const { group, assignment } = row;
    const isDue = leaseStep(assignment, deps.clock()) === 'end';
    const owner = isDue ? await ownerOf(group) : null;
    const uses = { target: owner?.assignee.actor ?? null };
    let step: ReturnType<typeof leaseStep> = 'nothing';
    const outcome = await changeGroup(
      deps,
      {
        groupId: group.id,
        organization,
        initiator: systemInitiator(run.requestId),
        uses,
        facts: await completeFacts(deps, row, organization, uses),
      },
      (present, now) => {
        step = leaseStep(present.assignment, now);
        return takeStep(present, now, owner);
      },
    );
    return outcome.kind === 'committed' ? step : 'nothing';
  });
  const count = (wanted: string) => steps.filter((step) => step === wanted).length;
  return { ended: count('end'), told: count('tell') };
}

function takeStep(facts: GroupFacts, now: string, owner: OwnerByRules | null): GroupChanges {
  const changes = startChanges(facts, { now, actingUserId: null });
  switch (leaseStep(facts.assignment, now)) {
    case 'tell':
      return tellEnding(changes);
    case 'end':
      return owner === null
        ? deassign(changes, { reason: 'expired' }).changes
        : assignAs(changes, owner.assignee, { ...owner.how, reason: 'expired' });
    case 'nothing':
      return changes;
  }
}

/** Finds who gets a group next; the rules of its project are read once, where anybody asks. */
function ownerFinder(
  deps: EndLeasesDeps,
  organization: Organization,
  projectId: ProjectId,
): (group: AssignedGroupRow['group']) => Promise<OwnerByRules | null> {
  if (organization.orphanPolicy !== 'reroute') {
    return async () => null;
  }
  let reading: Promise<Parameters<typeof findOwnerByRules>[1] | null> | undefined;
  const read = async () => {
    const project = (await deps.projects.manyWithTeams([projectId])).get(projectId);
    return project === undefined
      ? null
      : { organization, project, rules: await deps.ruleReader.stored(project) };
  };
  return async (group) => {
    reading ??= read();
    const target = await reading;
    return target === null ? null : findOwnerByRules(deps, target, group);
  };
}

function total(all: readonly EndedLeases[]): EndedLeases {
  return {
    ended: all.reduce((sum, { ended }) => sum + ended, 0),
    told: all.reduce((sum, { told }) => sum + told, 0),
  };
}
