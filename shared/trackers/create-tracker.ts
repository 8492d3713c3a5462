import type { Provider } from '../domain/sync/external-issue.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import type { Tracker, TrackerOptions } from './tracker.ts';

/** Names under which clients know a provider besides our own. */
const aliases: Readonly<Record<string, Provider>> = {
  github: 'github',
  github_enterprise: 'github',
  jira: 'jira',
  gitlab: 'gitlab',
  azure: 'azure',
  azure_devops: 'azure',
  vsts: 'azure',
  redmine: 'redmine',
};

/** The provider of a name in a URL or a request; null when we do not speak to it. */
export function providerOf(name: string): Provider | null {
  const key = name.toLowerCase().replaceAll('-', '_');
  return Object.hasOwn(aliases, key) ? (aliases[key] ?? null) : null;
}

/**
 * Makes the tracker of an integration. Keep it as long as the integration's credentials: an App's
 * installation token (an hour) and a workflow's states live in it.
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

/** Each provider is loaded when it is used: a function that syncs with one pays for one. */
async function make(provider: Provider, options: TrackerOptions): Promise<Tracker> {
  switch (provider) {
    case 'github':
      return (await import('./github.ts')).createGitHub(options);
    case 'jira':
      return (await import('./jira.ts')).createJira(options);
    case 'gitlab':
      return (await import('./gitlab.ts')).createGitLab(options);
    case 'azure':
      return (await import('./azure.ts')).createAzure(options);
    case 'redmine':
      return (await import('./redmine.ts')).createRedmine(options);
  }
}
