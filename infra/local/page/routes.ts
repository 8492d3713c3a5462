/** What the page shows, as the part of its address behind `#` says it. */
export type Route =
  | { readonly view: 'issues'; readonly query: string }
  | { readonly view: 'issue'; readonly id: string }
  | { readonly view: 'rules'; readonly project: string | undefined }
  | { readonly view: 'flow' }
  | { readonly view: 'setup' };

const DEFAULT_QUERY = 'is:unresolved';

/** Reads an address; one that is not known shows the issues. */
export function routeOf(hash: string): Route {
  const [path = '', parameters] = hash.replace(/^#\/?/, '').split('?');
  const [view, name] = path.split('/').map(decoded);
  switch (view) {
    case 'issues':
      return name
        ? { view: 'issue', id: name }
        : { view, query: new URLSearchParams(parameters).get('query') ?? DEFAULT_QUERY };
    case 'rules':
      return { view, project: name || undefined };
    case 'flow':
    case 'setup':
      return { view };
    default:
      return { view: 'issues', query: DEFAULT_QUERY };
  }
}

export const issuesHref = (query: string) => `#/issues?${new URLSearchParams({ query })}`;
export const issueHref = (id: string) => `#/issues/${encodeURIComponent(id)}`;
export const rulesHref = (project: string) => `#/rules/${encodeURIComponent(project)}`;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
