import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from './build.ts';
import { createProgress } from './terminal/progress.ts';

// The CDK app for `cdk synth` and the local stack. The working directory holds `functions/`.
const { CDK_OUTDIR: outdir, CDK_VALIDATION: validation, CDK_CLI_VERSION: cli } = process.env;
if (cli !== undefined) {
  // The CDK says nothing before the app has ended; of a deployment it tells each resource then.
  createProgress().step('Bundling the functions and synthesizing the stacks, some ten seconds');
}
if (outdir !== undefined && existsSync(outdir)) {
  removeEarlierAssembly(outdir);
}
// The bundler is a separate process, and runs while the CDK is loaded: half a second each.
const [{ directory }, { createApp }] = await Promise.all([
  buildFunctions({ root: process.cwd() }),
  import('./stage-app.ts'),
]);
const app = createApp({ bundles: directory });
if (app.node.tryGetContext('stage') === undefined) {
  // Nothing of it can be deployed; the CDK's validator takes two seconds of CPU to load.
  process.env.CDK_VALIDATION = 'false';
} else if (validation !== 'false') {
  const { addSecurityChecks } = await import('./security-checks.ts');
  addSecurityChecks(app);
}
app.synth();

/**
 * Removes the assembly of an earlier run, which the CDK does not: stale assets would be uploaded.
 * The lock files of the CDK are kept.
 */
function removeEarlierAssembly(folder: string): void {
  const ours =
    /^(?:asset\..+|.+\.(?:template|assets|metadata)\.json|manifest\.json|tree\.json|validation-report\.json)$/;
  for (const name of readdirSync(folder)) {
    if (ours.test(name)) {
      rmSync(join(folder, name), { recursive: true });
    }
  }
}
