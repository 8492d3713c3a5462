import {
  deliveries,
  type NotificationSettings,
} from '../../../domain/projects/notification-settings.ts';
import { choice, dictionary, maybe, parseBody } from '../../fields.ts';

const delivery = () => maybe(choice(deliveries));

/** The body of a change of notification settings. */
export const notificationSettings = dictionary({
  alerts: delivery(),
  workflow: delivery(),
  deploy: delivery(),
});

/**
 * Reads the notification settings to be changed; absent ones stay. Throws `request.invalid` with
 * the messages of every wrong field.
 */
export function parseNotificationSettings(body: unknown): Partial<NotificationSettings> {
  return parseBody(notificationSettings, body);
}
