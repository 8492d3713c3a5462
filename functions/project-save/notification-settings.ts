import { organizationOf, requireScope, requireUser } from '../../shared/http/access.ts';
import type { ApiRequest, Endpoint } from '../../shared/http/api.ts';
import { parseNotificationSettings } from '../../shared/http/schemas/projects/notification-settings.ts';
import {
  changeNotificationSettings,
  readNotificationSettings,
} from '../../shared/operations/projects/notification-settings.ts';
import type { ProjectSaveDeps } from './deps.ts';

/** What the token's user wants to hear of a project. */
export function getNotificationSettings(deps: ProjectSaveDeps): Endpoint {
  return async (request) => ({
    status: 200,
    body: await readNotificationSettings(deps, targetOf(request)),
  });
}

/** Changes any of what the token's user wants to hear of a project, and answers all of it. */
export function updateNotificationSettings(deps: ProjectSaveDeps): Endpoint {
  return async (request) => {
    const target = targetOf(request);
    const changes = parseNotificationSettings(request.body);
    return { status: 200, body: await changeNotificationSettings(deps, target, changes) };
  };
}

function targetOf({ caller, params }: ApiRequest) {
  const organization = organizationOf(caller, params.org ?? '');
  requireScope(caller, 'project:read');
  const userId = requireUser(caller);
  return { organizationId: organization.id, project: params.project ?? '', userId };
}
