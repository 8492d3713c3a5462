import { notFound } from '../../domain/errors.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import type { NotificationSettings } from '../../domain/projects/notification-settings.ts';
import { commitWithRetry } from '../../retry.ts';
import type {
  NotificationSettingStore,
  SettingsTarget,
} from '../../stores/projects/notification-settings.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { findActiveProject } from '../lookup/find-project.ts';

export type NotificationSettingsDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
  readonly notificationSettings: NotificationSettingStore;
};

/** Whose settings, and of which project, by id or slug. */
export type NotificationSettingsInput = {
  readonly organizationId: OrganizationId;
  readonly project: string;
  readonly userId: UserId;
};

/**
 * What a user wants to hear of a project. Throws `resource.not_found` for a project that is not
 * there.
 */
export async function readNotificationSettings(
  deps: NotificationSettingsDeps,
  input: NotificationSettingsInput,
): Promise<NotificationSettings> {
  const { projectId, userId } = await findTarget(deps, input);
  return deps.notificationSettings.ofUser(projectId, userId);
}

/**
 * Changes what a user wants to hear of a project, and answers all of it. Throws
 * `resource.not_found` for a project that is not there or being deleted.
 */
export async function changeNotificationSettings(
  deps: NotificationSettingsDeps,
  input: NotificationSettingsInput,
  changes: Partial<NotificationSettings>,
): Promise<NotificationSettings> {
  const target = await findTarget(deps, input);
  const outcome = await commitWithRetry(() => deps.notificationSettings.set(target, changes));
  if (!outcome.committed) {
    throw notFound();
  }
  return deps.notificationSettings.ofUser(target.projectId, target.userId);
}

async function findTarget(
  deps: NotificationSettingsDeps,
  { organizationId, project, userId }: NotificationSettingsInput,
): Promise<SettingsTarget> {
  const { id: projectId } = await findActiveProject(deps, organizationId, project);
  return { organizationId, projectId, userId };
}
