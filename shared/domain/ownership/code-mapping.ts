/**
 * Where the repository's files stand in stack traces: paths below `sourceRoot` appear below
 * `stackRoot`.
 */
export type CodeMapping = { readonly sourceRoot: string; readonly stackRoot: string };

const slashes = /[\\/]+/;
/** `app:///`, `https://`, `webpack://`: the slashes behind the colon are part of it. */
const scheme = /^[A-Za-z][\w+.-]*:\/{2,}/;

/**
 * A pattern of a CODEOWNERS file as stack traces spell it: where it lies below the source root, the
 * stack root stands in that root's place. Roots are compared component by component, and both kinds
 * of slash are the same. A pattern without a slash before its end matches anywhere, and stays as it
 * is.
 */
export function mapPattern(written: string, { sourceRoot, stackRoot }: CodeMapping): string {
  const pattern = withSlashes(written);
  if (!/\/./.test(pattern)) {
    return pattern;
  }
  const root = componentsOf(sourceRoot);
  const components = pattern.split('/').filter((component) => component !== '');
  const isBelow = root.every((component, at) => component === components[at]);
  const rest = (isBelow ? components.slice(root.length) : components).join('/');
  const below = rest === '' || !pattern.endsWith('/') ? rest : `${rest}/`;
  if (!isBelow || (sourceRoot === '' && stackRoot === '')) {
    return anchored(pattern.startsWith('/') ? `/${below}` : below);
  }
  // A root that begins with a slash names the whole path; any other leaves the pattern's own slash
  // where it is.
  const keepsSlash = pattern.startsWith('/') && root.length > 0 && !/^[\\/]/.test(sourceRoot);
  const stack = stackPrefix(stackRoot);
  const mapped = `${stack}${below}`;
  return anchored(keepsSlash && !/^(?:\/|[A-Za-z][\w+.-]*:)/.test(mapped) ? `/${mapped}` : mapped);
}

/** A backslash before a name separates components; before anything else it escapes, and stays. */
function withSlashes(pattern: string): string {
  return pattern.startsWith('\\') ? pattern : pattern.replace(/\\(?=[\w.-])/g, '/');
}

/** The stack root with one slash at its end; the slashes of its scheme stay. */
function stackPrefix(stackRoot: string): string {
  const folded = stackRoot.replaceAll('\\', '/');
  const start = scheme.exec(folded)?.[0] ?? (folded.startsWith('/') ? '/' : '');
  const rest = folded.slice(start.length).split(slashes).filter(Boolean);
  return rest.length === 0 ? start : `${start}${rest.join('/')}/`;
}

function componentsOf(root: string): string[] {
  return root.split(slashes).filter((component) => component !== '' && component !== '.');
}

/**
 * A pattern that was anchored stays so when all of its slashes but the last are gone with a root.
 */
function anchored(pattern: string): string {
  return pattern === '' || !/\/./.test(pattern) ? slashBefore(pattern) : pattern;
}

function slashBefore(pattern: string): string {
  return pattern.startsWith('/') || scheme.test(pattern) ? pattern : `/${pattern}`;
}
