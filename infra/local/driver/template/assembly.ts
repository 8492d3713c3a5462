import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './template.ts';

/** A synthesized app: its stack, and the folders of its assets. */
export type Assembly = {
  readonly stackName: string;
  readonly template: Template;
  /**
   * The folder of an asset by its key in the bucket of the deployment.
   *
   * @throws Error when the app has no such asset
   */
  assetFolder(objectKey: string): string;
};

type Manifest = {
  artifacts: Record<
    string,
    { type: string; properties?: { templateFile?: string; file?: string; stackName?: string } }
  >;
};

type AssetManifest = {
  files: Record<
    string,
    { source: { path: string }; destinations: Record<string, { objectKey: string }> }
  >;
};

/**
 * Reads the assembly that a synthesis has written.
 *
 * @throws Error when it has not exactly one stack
 */
export function readAssembly(folder: string): Assembly {
  const read = <T>(file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
  const artifacts = Object.entries(read<Manifest>('manifest.json').artifacts);
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack, ...others] = stacks;
  if (!stack || others.length > 0) {
    const names = stacks.map(([name]) => name).join(', ') || 'none';
    throw new Error(`The local stack runs an app with one stack. This one has: ${names}.`);
  }
  const [id, { properties }] = stack;
  const folders = new Map(
    artifacts
      .filter(([, { type }]) => type === 'cdk:asset-manifest')
      .flatMap(([, artifact]) =>
        Object.values(read<AssetManifest>(artifact.properties?.file ?? '').files),
      )
      .flatMap(({ source, destinations }) =>
        Object.values(destinations).map(
          ({ objectKey }) => [objectKey, join(folder, source.path)] as const,
        ),
      ),
  );
  return {
    stackName: properties?.stackName ?? id,
    template: read<Template>(properties?.templateFile ?? ''),
    assetFolder(objectKey) {
      const found = folders.get(objectKey);
      if (!found) {
        throw new Error(`The app has no asset ${objectKey}.`);
      }
      return found;
    },
  };
}
