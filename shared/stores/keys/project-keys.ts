import type { OrganizationId, ProjectId, TeamId, UserId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** A project, and what of it has a key of its own. */
export const projectKeys = {
  partition: (projectId: ProjectId) => `P#${projectId}`,
  /**
   * The project's own row and its teams share this prefix: one Query gives both and nothing else.
   */
  corePrefix: 'A#',
  project: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'A#PROJECT' }),
  team: (projectId: ProjectId, teamId: TeamId): Key => ({
    pk: `P#${projectId}`,
    sk: `A#TEAM#${teamId}`,
  }),
  slug: (organizationId: OrganizationId, slug: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `PROJECTSLUG#${slug}`,
  }),
  slugPrefix: 'PROJECTSLUG#',
  bookmark: (projectId: ProjectId, userId: UserId): Key => ({
    pk: `P#${projectId}`,
    sk: `BOOKMARK#${userId}`,
  }),
  /** The project's client keys, and the row that keeps their changes apart. */
  clientKeyPrefix: 'CLIENTKEY',
  clientKey: (projectId: ProjectId, id: string): Key => ({
    pk: `P#${projectId}`,
    sk: `CLIENTKEY#${id}`,
  }),
  clientKeysVersion: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'CLIENTKEY!' }),
  /** What is left of a project that was deleted. */
  tombstone: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'TOMBSTONE' }),
  removalPagePrefix: 'REMOVAL#',
  /** Groups of a project that is being deleted which a worker has begun to remove. */
  removalPage: (projectId: ProjectId, id: string): Key => ({
    pk: `P#${projectId}`,
    sk: `REMOVAL#${id}`,
  }),
  notificationSettingsPrefix: 'NOTIFICATIONS#',
  notificationSettings: (projectId: ProjectId, userId: UserId): Key => ({
    pk: `P#${projectId}`,
    sk: `NOTIFICATIONS#${userId}`,
  }),
};
