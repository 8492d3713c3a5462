/**
 * When a user hears of what happens in a project; `default` leaves it to what the user has chosen
 * elsewhere.
 */
export const deliveries = ['always', 'subscribe_only', 'never', 'default'] as const;
type Delivery = (typeof deliveries)[number];

/** What one user wants to hear of one project. */
export type NotificationSettings = {
  readonly alerts: Delivery;
  readonly workflow: Delivery;
  readonly deploy: Delivery;
};

/** What holds where nothing was ever set. */
export const defaultNotificationSettings: NotificationSettings = {
  alerts: 'default',
  workflow: 'default',
  deploy: 'default',
};
