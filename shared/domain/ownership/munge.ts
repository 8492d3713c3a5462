/** The texts of a stack frame that munging reads; absent ones are null. */
export type FrameTexts = {
  readonly filename: string | null;
  readonly absPath: string | null;
  readonly module: string | null;
  readonly package: string | null;
};

const javaLike = /^(?:java|kotlin|android|scala|groovy|clojure)(?:$|-)/;
const cocoaLike = /^(?:cocoa|apple|swift|objc)(?:$|-)/;

/**
 * The path, as the repository has it, of a frame whose platform reports something else; null where
 * there is none to tell. Java and its kin report a class and a bare file name, Cocoa the path on
 * the machine that built the app, Flutter `package:app/a.dart` and React Native `app:///a.js`.
 */
export function mungePath(frame: FrameTexts, platform: string | null): string | null {
  if (platform !== null && javaLike.test(platform)) {
    return javaPath(frame);
  }
  if (platform !== null && cocoaLike.test(platform)) {
    return pathFromPackage(frame);
  }
  return bundledPath(frame);
}

/**
 * The directories of the module, then the file's name. Proguard leaves names that are no files: the
 * class stands in.
 */
function javaPath({ module, absPath, filename }: FrameTexts): string | null {
  if (module === null) {
    return null;
  }
  const className = (module.split('$', 1)[0] ?? module).replaceAll('.', '/');
  const file = (absPath ?? filename)?.split('/').at(-1) ?? '';
  if (!file.includes('.') || file.includes('$')) {
    return className;
  }
  return className.slice(0, className.lastIndexOf('/') + 1) + file;
}

function pathFromPackage({ absPath, package: bundle }: FrameTexts): string | null {
  const directory = bundle?.split('/').at(-1);
  if (absPath === null || !directory) {
    return null;
  }
  const components = absPath.split('/');
  const at = components.indexOf(directory);
  return at < 0 ? null : components.slice(at).join('/');
}

function bundledPath({ absPath, filename, package: bundle }: FrameTexts): string | null {
  for (const text of [absPath, filename]) {
    if (text?.startsWith('app:///')) {
      return text.slice('app:///'.length);
    }
    if (text?.startsWith('package:')) {
      const [name, ...path] = text.slice('package:'.length).split('/');
      return path.length > 0 && (bundle === null || bundle === name) ? path.join('/') : null;
    }
  }
  return null;
}
