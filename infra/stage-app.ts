import { Annotations, App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { createBatonStack } from './stacks/baton-stack.ts';
import { createRegionStack } from './stacks/region-stack.ts';
import { STAGE_OPTIONS, type StageRequest } from './stage-options.ts';
import { NO_STAGE_NAMED, stageSettings } from './stages.ts';

/** Here and not in cdk.json, so that the app yields the same template however it is started. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-apigateway:disableCloudWatchRole': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
};

type AppInput = {
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** The folder of the cloud assembly; by default the one that the CDK command chooses. */
  readonly outdir?: string;
  /** The options of `-c`; by default those of the CDK command. */
  readonly context?: StageRequest;
};

/**
 * The CDK app of one stage. It has no account and no region, so it synthesizes without credentials
 * and without a network. Without a stage it can only be bootstrapped, which needs an app with a
 * stack, and fails for everything else.
 */
export function createApp({ bundles, outdir, context }: AppInput): App {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: { ...FEATURE_FLAGS, ...context },
    // It would add a resource, conditions, and a report about the deployment.
    analyticsReporting: false,
  });
  const request: StageRequest = Object.fromEntries(
    STAGE_OPTIONS.map((name) => [name, app.node.tryGetContext(name)]),
  );
  if (request.stage === undefined) {
    const nothing = new Stack(app, 'no-stage-named');
    // A stack needs a resource; this one is free, and the error prevents its deployment.
    new CfnWaitConditionHandle(nothing, 'nothing');
    Annotations.of(nothing).addError(NO_STAGE_NAMED);
    return app;
  }
  const settings = stageSettings(request);
  const baton = createBatonStack(app, { settings, bundles });
  if (settings.logs.access) {
    baton.addStackDependency(createRegionStack(app));
  }
  return app;
}
