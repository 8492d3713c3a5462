import { Annotations, App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { createBatonStack } from './stacks/baton-stack.ts';
import { createRegionStack } from './stacks/region-stack.ts';
import { STAGE_OPTIONS, type StageRequest } from './stage-options.ts';
import { NO_STAGE_NAMED, stageSettings } from './stages.ts';

/** Here and not in cdk.json, so that the app yields the same template whoever starts it. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-apigateway:disableCloudWatchRole': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
};

type AppInput = {
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** Where the cloud assembly goes; by default where the CDK command wants it. */
  readonly outdir?: string;
  /** What `-c` says; by default what the CDK command passes on. */
  readonly context?: StageRequest;
};

/**
 * The CDK app of one stage. No account and no region: it synthesizes without credentials and
 * without a network. Without the name of a stage it can be bootstrapped, which needs an app with a
 * stack in it, and refuses everything else.
 *
 * @throws Error when the context names a stage that cannot be
 */
export function createApp({ bundles, outdir, context }: AppInput): App {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    context: { ...FEATURE_FLAGS, ...context },
    // Its resource brings conditions along, and a report about who deploys what.
    analyticsReporting: false,
  });
  const request: StageRequest = Object.fromEntries(
    STAGE_OPTIONS.map((name) => [name, app.node.tryGetContext(name)]),
  );
  if (request.stage === undefined) {
    const nothing = new Stack(app, 'no-stage-named');
    // A stack has to hold something; this costs nothing, and the error keeps it from ever being
    // deployed.
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
