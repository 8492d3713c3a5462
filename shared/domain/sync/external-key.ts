import { isLongerThan } from '../code-points.ts';
import type { Provider } from './external-issue.ts';

/**
 * How an external issue is written: `owner/repo#12` on GitHub, `group/subgroup/project#12` on
 * GitLab, `SHOP-12` in Jira, `12` in Azure DevOps and Redmine. Null for what has not that shape.
 * What means the same comes out the same but for the case of a path, which trackers do not tell
 * apart and webhooks write as they like.
 */
export function normalizeKey(provider: Provider, key: string): string | null {
  const text = key.trim();
  return isLongerThan(text, LONGEST_KEY) ? null : normalizers[provider](text);
}

/** Longer than any key of a tracker, and short enough for a key of the table. */
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

/** `a/b#12`, with as many folders before the project as the tracker has. */
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

/** A name in a path; `.` and `..` would lead elsewhere. */
function isName(segment: string): boolean {
  return /^[\w.][\w.-]*$/.test(segment) && !/^\.+$/.test(segment);
}

/** A number without zeros before it: webhooks have none. */
function normalizeNumber(text: string): string | null {
  return /^0*([1-9]\d{0,11})$/.exec(text)?.[1] ?? null;
}
