/**
 * When a user is notified about a project. `default` means that the user's general settings decide.
 */
export const deliveries = ['always', 'subscribe_only', 'never', 'default'] as const;
export type Delivery = (typeof deliveries)[number];

/** One user's notification settings for one project. */
export type NotificationSettings = {
  readonly alerts: Delivery;
  readonly workflow: Delivery;
  readonly deploy: Delivery;
};

/** The settings of a user who never set any. */
export const defaultNotificationSettings: NotificationSettings = {
  alerts: 'default',
  workflow: 'default',
  deploy: 'default',
};
