import { describe, expect, it } from 'vitest';
import {
  changeNotificationSettings,
  readNotificationSettings,
} from '../../../shared/operations/projects/notification-settings.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const alice = { organizationId: '1', project: 'shop', userId: '11' };

describe('notification settings', () => {
  it('of a world are there, and what they do not name is default', async () => {
    const settings = { alerts: 'always', workflow: 'never', deploy: 'default' } as const;
    const { stores } = await worldOnFreshTable({
      notificationSettings: [{ project: '31', user: '11', ...settings }],
    });
    expect(await readNotificationSettings(stores, alice)).toEqual(settings);
    expect(await readNotificationSettings(stores, { ...alice, userId: '12' })).toEqual({
      alerts: 'default',
      workflow: 'default',
      deploy: 'default',
    });
  });

  it('that are changed at once do not undo one another', async () => {
    const { stores } = await worldOnFreshTable();
    await Promise.all([
      changeNotificationSettings(stores, alice, { alerts: 'always' }),
      changeNotificationSettings(stores, alice, { workflow: 'subscribe_only' }),
      changeNotificationSettings(stores, alice, { deploy: 'never' }),
    ]);
    expect(await readNotificationSettings(stores, alice)).toEqual({
      alerts: 'always',
      workflow: 'subscribe_only',
      deploy: 'never',
    });
  });
});
