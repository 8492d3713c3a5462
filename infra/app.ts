import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { buildFunctions } from './build.ts';
import { createBatonStack } from './stacks/baton-stack.ts';
import { createRegionStack } from './stacks/region-stack.ts';
import { type StageRequest, stageSettings } from './stages.ts';

type AppInput = {
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** Where the cloud assembly goes; by default where the CDK command wants it. */
  readonly outdir?: string;
  /** What `-c` says; by default what the CDK command passes on. */
  readonly context?: StageRequest;
};

/** The CDK app of one stage. No account and no region: it synthesizes without credentials and without a network. */
export function createApp({ bundles, outdir, context }: AppInput): App {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: { ...FEATURE_FLAGS, ...context },
    // Its resource brings conditions along, and a report about who deploys what.
    analyticsReporting: false,
  });
  const settings = stageSettings({
    stage: app.node.tryGetContext('stage'),
    rateLimits: app.node.tryGetContext('rateLimits'),
  });
  const baton = createBatonStack(app, { settings, bundles });
  if (settings.logs.access) baton.addStackDependency(createRegionStack(app));
  return app;
}

/** Here and not in cdk.json, so that the app yields the same template whoever starts it. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-apigateway:disableCloudWatchRole': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
};

/**
 * The CDK never removes what an earlier run left in its folder, and stale assets would be uploaded and read as
 * today's. Its own lock files stay.
 */
function removeEarlierAssembly(outdir: string): void {
  const ours =
    /^(?:asset\..+|.+\.(?:template|assets|metadata)\.json|manifest\.json|tree\.json|validation-report\.json)$/;
  for (const name of readdirSync(outdir)) {
    if (ours.test(name)) rmSync(join(outdir, name), { recursive: true });
  }
}

if (import.meta.main) {
  const outdir = process.env.CDK_OUTDIR;
  if (outdir !== undefined && existsSync(outdir)) removeEarlierAssembly(outdir);
  const { directory } = await buildFunctions({ root: process.cwd() });
  const app = createApp({ bundles: directory });
  if (process.env.CDK_VALIDATION !== 'false') {
    // Loaded only where it is asked: the local stack starts sooner without.
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  app.synth();
}
