import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from './build.ts';

// What `cdk synth` and the local stack start, in the folder that holds `functions/`.
const { CDK_OUTDIR: outdir, CDK_VALIDATION: validation } = process.env;
if (outdir !== undefined && existsSync(outdir)) {
  removeEarlierAssembly(outdir);
}
// The bundler is a process of its own and works while the CDK is loaded, half a second each.
const [{ directory }, { createApp }] = await Promise.all([
  buildFunctions({ root: process.cwd() }),
  import('./stage-app.ts'),
]);
const app = createApp({ bundles: directory });
if (validation !== 'false') {
  const { addSecurityChecks } = await import('./security-checks.ts');
  addSecurityChecks(app);
}
app.synth();

/**
 * The CDK never removes what an earlier run left in its folder, and stale assets would be uploaded
 * and read as today's. Its own lock files stay.
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
