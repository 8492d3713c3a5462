import { apiHandler } from '../../shared/http/api.ts';
import { createProject } from './create-project.ts';
import { wireProjectSave } from './deps.ts';
import { getNotificationSettings, updateNotificationSettings } from './notification-settings.ts';
import { updateProjectDetails } from './update-project.ts';

const deps = wireProjectSave();

/** Creates and updates projects, and what users want to hear of them. */
export const handler = apiHandler({
  functionName: 'project-save',
  log: deps.log,
  endpoints: {
    createProject: createProject(deps),
    updateProject: updateProjectDetails(deps),
    getNotificationSettings: getNotificationSettings(deps),
    updateNotificationSettings: updateNotificationSettings(deps),
  },
});
