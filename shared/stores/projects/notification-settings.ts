import type { OrganizationId, ProjectId, UserId } from '../../domain/ids.ts';
import {
  defaultNotificationSettings,
  deliveries,
  type NotificationSettings,
} from '../../domain/projects/notification-settings.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { oneOf, optional, rowReader } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { checkProjectIsActive } from './project-changes.ts';

export type NotificationSettingStore = ReturnType<typeof createNotificationSettingStore>;

/** Users' notification settings for projects. */
export function createNotificationSettingStore(table: Table, transact: Transact) {
  return {
    /** A user's settings for a project, the defaults where nothing was set. One round trip. */
    async ofUser(projectId: ProjectId, userId: UserId): Promise<NotificationSettings> {
      const item = await table.get(projectKeys.notificationSettings(projectId, userId));
      return { ...defaultNotificationSettings, ...(item && settingsFromItem(item)) };
    },

    /**
     * Sets some of a user's settings and leaves the others. Refused by `project` where that is
     * being deleted. One round trip.
     */
    set(target: SettingsTarget, settings: Partial<NotificationSettings>) {
      return transact([checkProjectIsActive(target.projectId), setSettings(target, settings)]);
    },
  };
}

/** Whose settings, for which project. */
export type SettingsTarget = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly userId: UserId;
};

/** A user's settings for a project as the table holds them. */
export function notificationSettingsItem(
  target: SettingsTarget,
  settings: Partial<NotificationSettings>,
): Item {
  return {
    ...projectKeys.notificationSettings(target.projectId, target.userId),
    entity: 'notificationSettings',
    ...target,
    ...settings,
  };
}

/** A setting that is not named stays, whether or not there were any. */
function setSettings(
  target: SettingsTarget,
  settings: Partial<NotificationSettings>,
): Write<'notification settings'> {
  const { pk, sk, ...attributes } = notificationSettingsItem(target, settings);
  return { name: 'notification settings', update: updateRow({ pk, sk }, { set: attributes }) };
}

const settingsFromItem = rowReader<Partial<NotificationSettings>>({
  alerts: optional(oneOf(deliveries)),
  workflow: optional(oneOf(deliveries)),
  deploy: optional(oneOf(deliveries)),
});
