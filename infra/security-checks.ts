import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * Has the synthesis fail on anything that the AWS Solutions rules object to. An exception is
 * acknowledged, with its reason, on the construct that needs it.
 */
export function addSecurityChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
