import type { Provider } from './external-issue.ts';
import { normalizeKey } from './external-key.ts';

/** The tracker that an issue is named in. */
export type KeyContext = {
  readonly provider: Provider;
  /** The root of its API. */
  readonly baseUrl: string;
};

/** A key as it is stored, or a sentence that shows how to write one. */
export type KeyReading =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly problem: string };

/** Reads what somebody wrote or pasted to name an external issue: its key, or its web address. */
export function readExternalKey(tracker: KeyContext, text: string): KeyReading {
  const { provider } = tracker;
  const written = text.trim();
  const roots = webRootsOf(tracker);
  const advice = adviceOn(provider, roots);
  if (!/^https?:\/\//i.test(written)) {
    const key = normalizeKey(provider, written);
    return key === null
      ? { ok: false, problem: `This is not the key of an issue. ${advice}` }
      : { ok: true, key };
  }
  const url = URL.parse(written);
  const root = roots.find((one) => url !== null && isUnder(url, one));
  if (url === null || root === undefined) {
    return {
      ok: false,
      problem: `This address does not belong to the integration's tracker. ${advice}`,
    };
  }
  const named = issueIn[provider](segmentsOf(url).slice(segmentsOf(root).length), url.searchParams);
  const key = named === null ? null : normalizeKey(provider, named);
  return key === null
    ? { ok: false, problem: `This is not the address of an issue. ${advice}` }
    : { ok: true, key };
}

/**
 * Where people see an external issue; null where the address of the API does not say. `key` is one
 * that `readExternalKey` has read.
 */
export function externalIssueUrl(tracker: KeyContext, key: string): string | null {
  const [root] = webRootsOf(tracker);
  return root === undefined ? null : `${root.href}${pageOf[tracker.provider](key)}`;
}

const pageOf: Readonly<Record<Provider, (key: string) => string>> = {
  github: (key) => key.replace('#', '/issues/'),
  gitlab: (key) => key.replace('#', '/-/issues/'),
  jira: (key) => `browse/${key}`,
  azure: (key) => `_workitems/edit/${key}`,
  redmine: (key) => `issues/${key}`,
};

/** How the key of an issue is written, with an example. */
export const KEY_EXAMPLES: Readonly<Record<Provider, string>> = {
  github: 'owner/repo#number, such as octocat/hello#12',
  gitlab: 'group/project#number, such as acme/tools/shop#12',
  jira: 'PROJECT-number, such as SHOP-12',
  azure: 'the number of the work item, such as 297',
  redmine: 'the number of the issue, such as 12',
};

function adviceOn(provider: Provider, roots: readonly URL[]): string {
  const [root] = roots;
  const pasted = root === undefined ? '' : `, or paste the address of an issue under ${root.href}`;
  return `Write ${KEY_EXAMPLES[provider]}${pasted}.`;
}

/** Where people see the tracker whose API is at `baseUrl`; none where that does not say. */
function webRootsOf({ provider, baseUrl }: KeyContext): readonly URL[] {
  const api = URL.parse(baseUrl);
  if (api === null || !api.protocol.startsWith('http')) {
    return [];
  }
  switch (provider) {
    case 'github':
      return [gitHubRoot(api)];
    case 'gitlab':
      return [without(api, /\/api\/v4$/)];
    case 'jira':
      // Atlassian's gateway knows its sites by numbers: an address of a site could be anybody's.
      return api.hostname === 'api.atlassian.com' ? [] : [without(api, /\/rest\/api\/\d$/)];
    case 'azure':
      return azureRoots(without(api, /$/));
    case 'redmine':
      return [without(api, /$/)];
  }
}

/** GitHub's own API has a host of its own; that of a GitHub Enterprise Server has a path. */
function gitHubRoot(api: URL): URL {
  const root = without(api, /\/api\/v3$/);
  const hosted = /^api\.((?:[\w-]+\.)?(?:github|ghe)\.com)$/.exec(root.hostname)?.[1];
  if (hosted !== undefined) {
    root.hostname = hosted;
  }
  return root;
}

/** An organization in the cloud has an older address too. */
function azureRoots(root: URL): readonly URL[] {
  const [organization] = segmentsOf(root);
  if (root.hostname === 'dev.azure.com' && organization !== undefined) {
    const older = URL.parse(`https://${organization}.visualstudio.com/`);
    return older === null ? [root] : [root, older];
  }
  const older = /^([\w-]+)\.visualstudio\.com$/.exec(root.hostname)?.[1];
  return older === undefined ? [root] : [new URL(`https://dev.azure.com/${older}/`), root];
}

/** The address without its end, what follows a `?` or `#`, and whose password it may hold. */
function without(api: URL, end: RegExp): URL {
  const root = new URL(api);
  root.pathname = `${api.pathname.replace(/\/+$/, '').replace(end, '')}/`;
  for (const part of ['username', 'password', 'search', 'hash'] as const) {
    root[part] = '';
  }
  return root;
}

function isUnder(url: URL, root: URL): boolean {
  const path = segmentsOf(url).map((one) => one.toLowerCase());
  const isInside = segmentsOf(root).every((one, index) => path[index] === one.toLowerCase());
  return url.host === root.host && isInside;
}

/** The parts of a path, decoded; none where they cannot be. */
function segmentsOf(url: URL): string[] {
  const segments = url.pathname.split('/').filter((one) => one !== '');
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return [];
  }
}

type Segments = readonly string[];

/** The key of the issue that a page below the tracker's root shows; null for every other page. */
const issueIn: Readonly<
  Record<Provider, (path: Segments, query: URLSearchParams) => string | null>
> = {
  github([owner, repo, kind, number, ...rest]) {
    return kind === 'issues' && rest.length === 0 ? `${owner}/${repo}#${number}` : null;
  },

  // Since version 16 a `-` stands between the project and its pages; before, there was none.
  gitlab(path) {
    const dash = path.indexOf('-');
    const end = dash === -1 ? path.length - 2 : dash;
    const page = path.slice(dash === -1 ? end : end + 1);
    const [kind = '', ...numbers] = page;
    const number = numbers[0] === 'incident' ? numbers[1] : numbers[0];
    const isIssue = kind === 'issues' || (kind === 'work_items' && dash !== -1);
    const isWhole = numbers.length === (numbers[0] === 'incident' ? 2 : 1);
    return end > 0 && isIssue && isWhole ? `${path.slice(0, end).join('/')}#${number}` : null;
  },

  jira(path, query) {
    const selected = query.get('selectedIssue');
    if (selected !== null) {
      return selected;
    }
    const [before = '', last = ''] = path.slice(-2);
    const isIssue = before === 'browse' || before === 'issues' || path.includes('queues');
    return isIssue ? last : null;
  },

  azure(path, query) {
    const opened = query.get('workitem');
    if (opened !== null) {
      return opened;
    }
    const page = path.indexOf('_workitems');
    if (page === -1) {
      return null;
    }
    const [kind, number, ...rest] = path.slice(page + 1);
    if (kind === undefined) {
      return query.get('id');
    }
    return kind === 'edit' && rest.length === 0 ? (number ?? null) : null;
  },

  redmine([kind, number, ...rest]) {
    return kind === 'issues' && rest.length === 0 ? (number ?? null) : null;
  },
};
