import { actorFromText } from '../../shared/domain/actor.ts';
import type { Noun } from './schema.ts';
import type { WorldIndex } from './world-index.ts';

/** An error in a world: its path, such as `groups[2].project`, and a sentence. */
export type Problem = { readonly where: string; readonly what: string };

/** A reference to an entry of `noun`. */
type Reference = {
  readonly where: string;
  readonly reference: string;
  readonly kind: string;
  readonly noun: Noun;
};

export function isThere(
  found: unknown,
  { where, reference, kind, noun }: Reference,
): Problem | undefined {
  if (found !== undefined) {
    return undefined;
  }
  return { where, what: `there is no ${kind} "${reference}"; add it to ${noun} or correct it` };
}

export function organizationIsThere(reference: string, look: WorldIndex, where = 'organization') {
  return isThere(look.organization(reference), {
    where,
    reference,
    kind: 'organization with the slug or id',
    noun: 'organizations',
  });
}

export function userIsThere(where: string, reference: string, look: WorldIndex) {
  const kind = 'user with the id';
  return isThere(look.user(reference), { where, reference, kind, noun: 'users' });
}

export function projectIsThere(reference: string, look: WorldIndex) {
  const kind = 'project with the id';
  return isThere(look.project(reference), { where: 'project', reference, kind, noun: 'projects' });
}

export function groupIsThere(reference: string, look: WorldIndex) {
  const kind = 'group with the id';
  return isThere(look.group(reference), { where: 'group', reference, kind, noun: 'groups' });
}

export function integrationIsThere(reference: string, look: WorldIndex) {
  return isThere(look.integration(reference), {
    where: 'integration',
    reference,
    kind: 'integration with the id',
    noun: 'integrations',
  });
}

/** Reports an unknown team, and a team of another organization. */
function teamIsThere(
  where: string,
  reference: string,
  organization: string | undefined,
  look: WorldIndex,
): Problem | undefined {
  const team = look.team(reference);
  const missing = isThere(team, { where, reference, kind: 'team with the id', noun: 'teams' });
  if (missing || team === undefined || organization === undefined) {
    return missing;
  }
  if (look.organizationId(team.organization) === look.organizationId(organization)) {
    return undefined;
  }
  return { where, what: `the team "${reference}" belongs to another organization` };
}

export function actorIsThere(where: string, text: string, groupId: string, look: WorldIndex) {
  const actor = actorFromText(text);
  if (actor === undefined) {
    return { where, what: `"${text}" is not an actor; write "user:ID" or "team:ID"` };
  }
  return actor.type === 'user'
    ? userIsThere(where, actor.id, look)
    : teamIsThere(where, actor.id, organizationOfGroup(groupId, look), look);
}

export function* personIsThere(
  { user, team }: { readonly user?: string | undefined; readonly team?: string | undefined },
  organization: string | undefined,
  look: WorldIndex,
) {
  if (user !== undefined) {
    yield userIsThere('user', user, look);
  }
  if (team !== undefined) {
    yield teamIsThere('team', team, organization, look);
  }
}

export function organizationOfGroup(groupId: string, look: WorldIndex): string | undefined {
  const project = look.project(look.group(groupId)?.project ?? '');
  return project && look.organizationId(project.organization);
}
