import { requireUser } from '../../shared/http/access.ts';
import type { Endpoint, RequestOf } from '../../shared/http/api.ts';
import { parseNotificationSettings } from '../../shared/http/schemas/projects/notification-settings.ts';
import {
  changeNotificationSettings,
  readNotificationSettings,
} from '../../shared/operations/projects/notification-settings.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** Shows the notification settings of the token's user for a project. */
export const getNotificationSettings: Endpoint<'getNotificationSettings', ProjectSaveDeps> = async (
  deps,
  request,
) => ({ status: 200, body: await readNotificationSettings(deps, targetOf(request)) });

/** Changes some of the notification settings, and answers all of them. */
export const updateNotificationSettings: Endpoint<
  'updateNotificationSettings',
  ProjectSaveDeps
> = async (deps, request) => {
  const target = targetOf(request);
  const changes = parseNotificationSettings(request.body);
  return { status: 200, body: await changeNotificationSettings(deps, target, changes) };
};

function targetOf({
  caller,
  organization,
  params,
}: RequestOf<'getNotificationSettings' | 'updateNotificationSettings'>) {
  const userId = requireUser(caller);
  return { organizationId: organization.id, project: params.project, userId };
}
