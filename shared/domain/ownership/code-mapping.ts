/** How paths of the repository appear in stack traces: `sourceRoot` is replaced by `stackRoot`. */
export type CodeMapping = { readonly sourceRoot: string; readonly stackRoot: string };

const slashes = /[\\/]+/;
/** `app:///`, `https://`, `webpack://`, with the slashes behind the colon. */
const scheme = /^[A-Za-z][\w+.-]*:\/{2,}/;

/**
 * Translates a CODEOWNERS pattern to the paths of stack traces: below the source root, that root is
 * replaced by the stack root. Roots are compared component by component, and both kinds of slash
 * are equal. A pattern with no slash except at its end matches anywhere, and stays as it is.
 */
export function mapPattern(written: string, mapping: CodeMapping): string {
  const pattern = withSlashes(written);
  if (!/\/./.test(pattern)) {
    return pattern;
  }
  const root = componentsOf(mapping.sourceRoot);
  const components = pattern.split('/').filter((component) => component !== '');
  const isBelow = root.every((component, at) => component === components[at]);
  const isMapped = isBelow && `${mapping.sourceRoot}${mapping.stackRoot}` !== '';
  const rest = (isBelow ? components.slice(root.length) : components).join('/');
  const path = rest !== '' && pattern.endsWith('/') ? `${rest}/` : rest;
  if (isMapped) {
    return anchored(belowStackRoot(path, pattern, mapping));
  }
  return anchored(pattern.startsWith('/') ? `/${path}` : path);
}

/**
 * A path below the stack root. Where the source root begins with a slash, it names the whole path;
 * with any other source root the pattern keeps its own slash at the start.
 */
function belowStackRoot(path: string, pattern: string, mapping: CodeMapping): string {
  const mapped = `${stackPrefix(mapping.stackRoot)}${path}`;
  const isRooted = /^(?:\/|[A-Za-z][\w+.-]*:)/.test(mapped);
  const isRelativeRoot =
    componentsOf(mapping.sourceRoot).length > 0 && !/^[\\/]/.test(mapping.sourceRoot);
  return pattern.startsWith('/') && isRelativeRoot && !isRooted ? `/${mapped}` : mapped;
}

/**
 * A backslash before a name separates components. Before any other character it escapes, and stays.
 */
function withSlashes(pattern: string): string {
  return pattern.startsWith('\\') ? pattern : pattern.replace(/\\(?=[\w.-])/g, '/');
}

/** The stack root with one slash at its end. The slashes of its scheme stay. */
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
 * A pattern that loses all of its slashes but the last with its root stays anchored: it gets a
 * slash at the start.
 */
function anchored(pattern: string): string {
  return pattern === '' || !/\/./.test(pattern) ? slashBefore(pattern) : pattern;
}

function slashBefore(pattern: string): string {
  return pattern.startsWith('/') || scheme.test(pattern) ? pattern : `/${pattern}`;
}
