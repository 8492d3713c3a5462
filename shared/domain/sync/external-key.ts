import { isLongerThan } from '../code-points.ts';
import type { Provider } from './external-issue.ts';

/**
 * Normalizes the key of an external issue: `owner/repo#12` on GitHub, `group/subgroup/project#12`
 * on GitLab, `SHOP-12` in Jira, `12` in Azure DevOps and Redmine. Null for any other text. Keys of
 * the same issue become equal, except for the case of a path: trackers ignore it, and webhooks
 * spell it in any case.
 */
export function normalizeKey(provider: Provider, key: string): string | null {
  const text = key.trim();
  return isLongerThan(text, LONGEST_KEY) ? null : normalizers[provider](text);
}

/** In characters. Longer than any tracker's keys, and short enough for a key of the table. */
const LONGEST_KEY = 255;

const normalizers: Readonly<Record<Provider, (key: string) => string | null>> = {
  github: (key) => normalizePath(key, (folders) => folders.length === 1),
  gitlab: (key) => normalizePath(key, (folders) => folders.length >= 1),
  jira: (key) => {
    const [, project, number = ''] = /^([a-z][a-z0-9_]+)-(\d+)$/i.exec(key) ?? [];
    const plain = normalizeNumber(number);
    return project === undefined || plain === null ? null : `${project.toUpperCase()}-${plain}`;
  },
  azure: normalizeNumber,
  redmine: normalizeNumber,
};

/** `a/b#12`. `hasDepth` says how many folders the tracker allows before the project. */
function normalizePath(
  key: string,
  hasDepth: (folders: readonly string[]) => boolean,
): string | null {
  const [path = '', number = '', ...rest] = key.split('#');
  const segments = path.split('/');
  const plain = normalizeNumber(number);
  const isPath = hasDepth(segments.slice(0, -1)) && segments.every(isName);
  return rest.length === 0 && isPath && plain !== null ? `${path}#${plain}` : null;
}

/** A segment of a path. `.` and `..` would change the path. */
function isName(segment: string): boolean {
  return /^[\w.][\w.-]*$/.test(segment) && !/^\.+$/.test(segment);
}

/** A positive number without leading zeros, which webhooks do not have. */
function normalizeNumber(text: string): string | null {
  return /^0*([1-9]\d{0,11})$/.exec(text)?.[1] ?? null;
}
