import type { Provider } from '../domain/sync/external-issue.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

/** Names of providers in requests, with the aliases of Sentry's clients. */
const aliases: ReadonlyMap<string, Provider> = new Map(
  Object.entries<Provider>({
    github: 'github',
    github_enterprise: 'github',
    jira: 'jira',
    gitlab: 'gitlab',
    azure: 'azure',
    azure_devops: 'azure',
    vsts: 'azure',
    redmine: 'redmine',
  }),
);

/** The provider of a name in a URL or a request; null for an unknown one. */
export function providerOf(name: string): Provider | null {
  const key = name.toLowerCase().replaceAll('-', '_');
  return aliases.get(key) ?? null;
}

/**
 * Creates the client of an integration's tracker. Keep it as long as the credentials: an App's
 * installation token (an hour) and the states of workflows are cached in it.
 */
export async function createTracker(
  provider: Provider,
  options: Omit<TrackerOptions, 'fetch' | 'now'> & {
    readonly allowPrivateAddress: boolean;
    /** For a whole exchange, 8 s by default. */
    readonly timeoutMs?: number;
    readonly now?: () => number;
  },
): Promise<Tracker> {
  const { allowPrivateAddress, timeoutMs, now = Date.now, ...rest } = options;
  const fetch = createGuardedFetch({
    allowPrivateAddress,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return await make(provider, { ...rest, fetch, now });
}

/** Loads the module of the provider when it is needed: a function that syncs with one loads one. */
async function make(provider: Provider, options: TrackerOptions): Promise<Tracker> {
  switch (provider) {
    case 'github':
      return (await import('./github/github.ts')).createGitHub(options);
    case 'jira':
      return (await import('./jira/jira.ts')).createJira(options);
    case 'gitlab':
      return (await import('./gitlab/gitlab.ts')).createGitLab(options);
    case 'azure':
      return (await import('./azure/azure.ts')).createAzure(options);
    case 'redmine':
      return (await import('./redmine/redmine.ts')).createRedmine(options);
  }
}
