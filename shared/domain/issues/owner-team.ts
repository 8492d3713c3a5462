import type { Actor } from '../actor.ts';
import type { TeamId } from '../ids.ts';
import type { Group, OwnerTeam } from './group.ts';
import { type GroupChanges, record } from './group-changes.ts';

/** The team that owns a group, whoever it is assigned to; null for none. */
export function ownerTeamOf({ ownerTeam }: Pick<Group, 'ownerTeam'>): Actor | null {
  const teamId = ownerTeam?.teamId ?? null;
  return teamId === null ? null : { type: 'team', id: teamId };
}

/** A person's choice, which stays until somebody takes it back with null. */
export function chooseOwnerTeam(changes: GroupChanges, teamId: TeamId | null): GroupChanges {
  return setOwnerTeam(changes, { teamId, isManual: teamId !== null }, null);
}

/** What the rules say of an event, unless a person has chosen. */
export function ownerTeamByRules(changes: GroupChanges, teamId: TeamId | null): GroupChanges {
  return changes.group.ownerTeam?.isManual
    ? changes
    : setOwnerTeam(changes, { teamId, isManual: false }, 'auto');
}

/** A team that is gone, or has left the project, owns nothing there any more. */
export function endOwnerTeam(changes: GroupChanges, teamId: TeamId): GroupChanges {
  return changes.group.ownerTeam?.teamId === teamId
    ? setOwnerTeam(changes, { teamId: null, isManual: false }, null)
    : changes;
}

/** The team that owned it before, by whose choice it did. */
export function restoreOwnerTeam(
  changes: GroupChanges,
  owner: Omit<OwnerTeam, 'version'>,
): GroupChanges {
  return setOwnerTeam(changes, owner, null);
}

/** A group that takes in another one has its owning team, where it has none itself. */
export function inheritOwnerTeam(
  changes: GroupChanges,
  inherited: OwnerTeam | undefined,
): GroupChanges {
  return inherited === undefined || changes.group.ownerTeam?.teamId
    ? changes
    : setOwnerTeam(changes, inherited, null);
}

function setOwnerTeam(
  changes: GroupChanges,
  { teamId, isManual }: Omit<OwnerTeam, 'version'>,
  source: 'auto' | null,
): GroupChanges {
  const { group } = changes;
  const before = group.ownerTeam ?? { teamId: null, isManual: false, version: 0 };
  const isSameTeam = before.teamId === teamId;
  if (isSameTeam && before.isManual === isManual) {
    return changes;
  }
  const ownerTeam = { teamId, isManual, version: before.version + (isSameTeam ? 0 : 1) };
  const after = { ...changes, group: { ...group, ownerTeam } };
  return isSameTeam
    ? after
    : record(after, {
        event: {
          type: 'issue.owner_changed',
          version: ownerTeam.version,
          data: { previous: ownerTeamOf(group), current: ownerTeamOf(after.group), source },
        },
      });
}
