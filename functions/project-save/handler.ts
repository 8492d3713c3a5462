import { apiHandler } from '../../shared/http/api.ts';
import { createProjectKey, deleteProjectKey, updateProjectKey } from './client-keys.ts';
import { createProject } from './create-project.ts';
import { wireProjectSave } from './deps.ts';
import { getNotificationSettings, updateNotificationSettings } from './notification-settings.ts';
import { updateProjectDetails } from './update-project.ts';

/** Creates and updates projects, their client keys, and the settings that users have for them. */
export const handler = apiHandler({
  functionName: 'project-save',
  deps: wireProjectSave(),
  endpoints: {
    createProject,
    updateProject: updateProjectDetails,
    getNotificationSettings,
    updateNotificationSettings,
    createProjectKey,
    updateProjectKey,
    deleteProjectKey,
  },
});
