/**
 * Where the repository's files are in stack traces: paths below `sourceRoot` appear below
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
