import { clientKey } from '../../../shared/http/schemas/projects/client-key.ts';
import { notificationSettings } from '../../../shared/http/schemas/projects/notification-settings.ts';
import { newProject, projectUpdate } from '../../../shared/http/schemas/projects/project.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

const ofProject = { project: made('createProject') };
const ofKey = { key: made('createProjectKey') };

/** What the API document says of projects and their client keys. */
export const PROJECT_OPERATIONS = {
  listProjects: {
    tag: 'Projects',
    summary: 'List the projects of every organization that the token reaches.',
    query: PAGED,
    description: 'Projects that are being deleted are not among them.',
    example: {},
  },
  listOrganizationProjects: {
    tag: 'Projects',
    summary: 'List the projects of an organization.',
    query: PAGED,
    description: 'Projects that are being deleted are not among them.',
    example: { query: { query: ['shop'] } },
  },
  getProject: {
    tag: 'Projects',
    summary: 'Read one project.',
    refusals: ['resource.moved'],
    description: 'With its organization and its settings.',
    example: {},
  },
  createProject: {
    tag: 'Projects',
    summary: 'Create a project in a team.',
    body: newProject,
    refusals: ['ids.exhausted', 'ids.unavailable'],
    description:
      'A slug that is taken is 409; without one, Baton makes one. The team becomes the project’s first.',
    example: { body: { name: 'Billing', slug: 'billing', platform: 'python' } },
  },
  updateProject: {
    tag: 'Projects',
    summary: 'Bookmark a project; update it with project:write.',
    body: projectUpdate,
    description:
      'With `project:read` alone only `isBookmarked` may be sent. The earlier slug is answered with the new address.',
    example: { body: { name: 'Shop', platform: 'python', resolveAge: 720 } },
  },
  deleteProject: {
    tag: 'Projects',
    summary: 'Delete a project with everything that belongs to it.',
    description:
      'Nobody sees it any more when the answer arrives. Until the organization’s delay has passed it can be restored; then everything is deleted, down to the last row.',
    example: { path: ofProject },
  },
  getDeletion: {
    tag: 'Projects',
    summary: 'Read the progress of the deletion of a project, named by its id.',
    description: 'How much has been deleted so far, while it goes on and when it is done.',
    example: { path: ofProject, after: ['deleteProject'] },
  },
  restoreProject: {
    tag: 'Projects',
    summary: 'Restore a project, named by its id, whose deletion has not begun.',
    description: 'One whose deletion has begun is 409.',
    example: { path: ofProject, after: ['deleteProject', 'getDeletion'] },
  },
  getNotificationSettings: {
    tag: 'Projects',
    summary: 'Read the notification settings of the token’s user for a project.',
    description: 'The token of an organization has no user: 403.',
    example: {},
  },
  updateNotificationSettings: {
    tag: 'Projects',
    summary: 'Change the notification settings of the token’s user for a project.',
    body: notificationSettings,
    description: 'What is absent stays as it is.',
    example: { body: { alerts: 'always', workflow: 'never' } },
  },
  listProjectKeys: {
    tag: 'Client keys',
    summary: 'List the client keys of a project.',
    query: PAGED,
    description: 'The oldest first.',
    example: { query: { status: ['active'] } },
  },
  getProjectKey: {
    tag: 'Client keys',
    summary: 'Read one client key of a project.',
    description: 'With the addresses that are made of it.',
    example: { path: ofKey },
  },
  createProjectKey: {
    tag: 'Client keys',
    summary: 'Add a client key to a project.',
    body: clientKey,
    description: 'Every field is optional.',
    example: { body: { name: 'Web shop', rateLimit: { count: 1000, window: 60 } } },
  },
  updateProjectKey: {
    tag: 'Client keys',
    summary: 'Change a client key of a project.',
    body: clientKey,
    description: 'What is absent stays as it is.',
    example: { path: ofKey, body: { isActive: false } },
  },
  deleteProjectKey: {
    tag: 'Client keys',
    summary: 'Delete a client key of a project.',
    description: 'SDKs that have it are no longer known.',
    example: { path: ofKey },
  },
} as const satisfies Documentation;
