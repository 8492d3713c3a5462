import { apiHandler } from '../../shared/http/api.ts';
import { createProject } from './create-project.ts';
import { wireProjectSave } from './deps.ts';
import { getNotificationSettings, updateNotificationSettings } from './notification-settings.ts';
import { updateProjectDetails } from './update-project.ts';

/** Creates and updates projects, and keeps the notification settings that users have for them. */
export const handler = apiHandler({
  functionName: 'project-save',
  deps: wireProjectSave(),
  endpoints: {
    createProject,
    updateProject: updateProjectDetails,
    getNotificationSettings,
    updateNotificationSettings,
  },
});
