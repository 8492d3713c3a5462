import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { isUpToDate, stampOf } from './build-stamp.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { leanAwsClients } from './lean-aws-clients.ts';
import { leanCacheClient } from './lean-cache-client.ts';

/** The result of a build. */
export type Bundles = {
  /** The folder that holds one folder per function, each with `index.mjs` and its source map. */
  readonly directory: string;
  /**
   * Size of each function's code in bytes, source maps not counted; also in `sizes.json` of the
   * folder.
   */
  readonly bytes: Readonly<Record<string, number>>;
  /** The names of the functions whose code differs from what the folder held before. */
  readonly changed: readonly string[];
};

type BuildInput = {
  /** The folder that holds `functions/`. */
  readonly root: string;
  /** Names of the functions: `functions/<name>/handler.ts` each. */
  readonly names?: readonly string[];
};

/** Begins every bundle: its stack traces name our files and lines. */
const MAPPED_STACKS = join(import.meta.dirname, 'bundle-start.ts');
/** What the last build was made from, in the folder of the bundles. */
const STAMP = '.build/stamp.json';
/** What decides a bundle beside the sources that go into it. */
const madeBy = [
  'infra/build.ts',
  'infra/lean-aws-clients.ts',
  'infra/lean-cache-client.ts',
  'package.json',
  'node_modules/.package-lock.json',
];

/**
 * Bundles the functions for the Lambda runtime into `<root>/.build/<name>/index.mjs`, in one
 * esbuild call. Unchanged files stay; changed ones are replaced atomically, so two builds can run
 * at the same time. Where no source has changed since the last build, nothing is bundled.
 */
export async function buildFunctions({
  root,
  names = FUNCTION_NAMES,
}: BuildInput): Promise<Bundles> {
  const missing = names.filter((name) => !existsSync(join(root, handlerPath(name))));
  if (missing.length > 0) {
    throw new Error(`No handler for ${missing.join(', ')}: ${missing.map(handlerPath).join(', ')}`);
  }
  const directory = resolve(root, '.build');
  if (isUpToDate(root, STAMP, names)) {
    const bytes = JSON.parse(readFileSync(join(directory, 'sizes.json'), 'utf8'));
    return { directory, bytes, changed: [] };
  }
  const startedMs = Date.now();
  const result = await build({
    absWorkingDir: resolve(root),
    entryPoints: names.map((name) => ({ in: handlerPath(name), out: `${name}/index` })),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // A package's ES module is smaller than its CommonJS form, and loads faster.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // For stack traces and debuggers; the source text is not uploaded.
    sourcemap: 'linked',
    sourcesContent: false,
    inject: [MAPPED_STACKS],
    plugins: [builtinsWithoutFacade, credentialsFromEnvironment, leanCacheClient, leanAwsClients],
    logLevel: 'silent',
  });
  const bytes = bundleBytes(directory, result.outputFiles);
  const replaced = result.outputFiles.filter(({ path, contents }) => replaceFile(path, contents));
  replaceFile(join(directory, 'sizes.json'), json(bytes));
  replaceFile(join(directory, 'meta.json'), json(result.metafile));
  removeOthers(directory, names);
  const stamp = stampOf(root, {
    about: names,
    inputs: sourcesOf(result.metafile, root),
    outputs: [...result.outputFiles.map(({ path }) => relative(root, path)), '.build/sizes.json'],
    startedMs,
  });
  if (stamp !== null) {
    replaceFile(resolve(root, STAMP), json(stamp));
  }
  return { directory, bytes, changed: Object.keys(bundleBytes(directory, replaced)) };
}

/** The files that went into a build, without the modules that plugins make up. */
function sourcesOf({ inputs }: Metafile, root: string): string[] {
  const made = madeBy.filter((path) => existsSync(join(root, path)));
  return [...Object.keys(inputs).filter((path) => existsSync(join(root, path))), ...made].sort();
}

const handlerPath = (name: string) => `functions/${name}/handler.ts`;

/**
 * Loads Node's own modules through `process.getBuiltinModule`. The ES module form of `node:http`
 * copies every export and with them loads undici, 16 to 50 ms of a cold start; and a
 * `require('net')` left in an ES module bundle, as ioredis has them, fails at run time.
 */
const builtinsWithoutFacade: Plugin = {
  name: 'builtins-without-facade',
  setup(context) {
    const bare = builtinModules.filter((name) => !name.startsWith('node:')).join('|');
    context.onResolve({ filter: new RegExp(`^(?:node:.+|${bare})$`) }, ({ path, kind }) => ({
      path: path.startsWith('node:') ? path : `node:${path}`,
      namespace: 'builtin',
      suffix: kind === 'import-statement' ? IMPORTED : '',
    }));
    context.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path, suffix }) => ({
      contents: suffix === IMPORTED ? importedBuiltin(path) : `module.exports = ${loaded(path)};`,
      loader: 'js',
    }));
  },
};

/** A module of Node that is imported, and not required. */
const IMPORTED = '?imported';
const loaded = (name: string) => `process.getBuiltinModule(${JSON.stringify(name)})`;

/** Its exports one by one, so that a bundle reads those of them that are imported. */
function importedBuiltin(name: string): string {
  const exported = Object.keys(process.getBuiltinModule(name) ?? {});
  return [
    `const it = /* @__PURE__ */ ${loaded(name)};`,
    'export default it;',
    ...exported
      .filter((key) => key !== 'default')
      .map(
        (key) =>
          `const of${key} = /* @__PURE__ */ (() => it.${key})(); export { of${key} as ${key} };`,
      ),
  ].join('\n');
}

/**
 * Lambda and the local driver pass credentials in the environment. The SDK's other sources
 * (profiles, SSO, STS, instance metadata) are left out of the bundle: a sixth of its size, and of
 * what a cold start compiles.
 */
const credentialsFromEnvironment: Plugin = {
  name: 'credentials-from-environment',
  setup(context) {
    context.onResolve(
      { filter: /^@aws-sdk\/credential-provider-node$/ },
      ({ path, resolveDir }) => ({
        path,
        namespace: 'credentials',
        pluginData: resolveDir,
      }),
    );
    context.onLoad({ filter: /.*/, namespace: 'credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      loader: 'js',
      resolveDir: pluginData as string,
    }));
  },
};

function bundleBytes(directory: string, files: readonly OutputFile[]): Record<string, number> {
  const code = files.filter((file) => file.path.endsWith('.mjs'));
  return Object.fromEntries(
    code.map(
      (file) => [dirname(relative(directory, file.path)), file.contents.byteLength] as const,
    ),
  );
}

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** Writes the file; returns whether its content changed. */
function replaceFile(path: string, contents: Uint8Array): boolean {
  if (existsSync(path) && readFileSync(path).equals(contents)) {
    return false;
  }
  mkdirSync(dirname(path), { recursive: true });
  // The temporary file is outside the folder: a build that is killed must not leave it in the
  // upload.
  const temporary = `${dirname(path)}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
  return true;
}

/** Removes folders of functions that no longer exist. */
function removeOthers(directory: string, names: readonly string[]): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory() && !names.includes(entry.name)) {
      rmSync(join(directory, entry.name), { recursive: true });
    }
  }
}

if (import.meta.main) {
  const { bytes } = await buildFunctions({ root: process.cwd() });
  for (const [name, size] of Object.entries(bytes)) {
    console.log(`${name.padEnd(24)} ${(size / 1000).toFixed(1).padStart(8)} KB`);
  }
}
