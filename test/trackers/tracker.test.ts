import { trackerContract } from '../contracts/tracker-contract.ts';
import { startAzureWorld } from '../support/trackers/azure-world.ts';
import { startGitHubWorld } from '../support/trackers/github-world.ts';
import { startGitLabWorld } from '../support/trackers/gitlab-world.ts';
import { startJiraWorld } from '../support/trackers/jira-world.ts';
import { startRedmineWorld } from '../support/trackers/redmine-world.ts';

trackerContract('GitHub with a token', () => startGitHubWorld('token'));
trackerContract('GitHub as an App', () => startGitHubWorld('app'));
trackerContract('Jira Cloud', startJiraWorld);
trackerContract('GitLab', startGitLabWorld);
trackerContract('Azure DevOps', () => startAzureWorld());
trackerContract('Redmine 5', () => startRedmineWorld(5));
trackerContract('Redmine before 5', () => startRedmineWorld(4));
