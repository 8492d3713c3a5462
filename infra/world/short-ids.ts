import type { World } from './schema.ts';

/** The short ids of a world's groups, and the counters of its projects. */
export type ShortIds = {
  /** A group's short id, the world's own or the next free one of its project. */
  of(groupId: string): string;
  /** The highest number among a project's short ids; 0 without groups. */
  counterOf(projectId: string): number;
};

/**
 * Assigns short ids to groups without one: the project's slug in upper case and the next number.
 */
export function numberGroups({ projects, groups }: World): ShortIds {
  const slugs = new Map(projects.map(({ id, slug }) => [id, slug.toUpperCase()]));
  const counters = new Map<string, number>();
  const given = new Map<string, string>();
  for (const { id, project, shortId } of groups) {
    if (shortId === undefined) {
      continue;
    }
    given.set(id, shortId);
    counters.set(project, Math.max(counters.get(project) ?? 0, numberIn(shortId)));
  }
  for (const { id, project } of groups) {
    if (given.has(id)) {
      continue;
    }
    const next = (counters.get(project) ?? 0) + 1;
    counters.set(project, next);
    given.set(id, `${slugs.get(project)}-${next}`);
  }
  return {
    of: (groupId) => given.get(groupId) ?? '',
    counterOf: (projectId) => counters.get(projectId) ?? 0,
  };
}

/** The number at the end of a short id; 0 without one. */
function numberIn(shortId: string): number {
  const number = Number(/-([0-9]+)$/.exec(shortId)?.[1] ?? 0);
  return Number.isSafeInteger(number) ? number : 0;
}
