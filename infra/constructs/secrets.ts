import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { STAGE_PARAMETERS } from '../stage-parameters.ts';
import type { StageSettings } from '../stages.ts';

/**
 * The secrets of a stage's integrations: encrypted parameters below `/baton/{stage}/`, written by
 * the seed command or by hand. They are encrypted with the account's own key for parameters, which
 * whoever may read a parameter may use.
 */
export function createSecrets(settings: StageSettings) {
  return {
    /** Lets the function read the secrets, or read and replace them. */
    bind(fn: lambda.Function, access: 'read' | 'write'): void {
      const parameter = (name: string) =>
        Stack.of(fn).formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: `baton/${settings.name}/${name}`,
        });
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['ssm:GetParameter', ...(access === 'write' ? ['ssm:PutParameter'] : [])],
          resources: [parameter('*')],
        }),
      );
      if (fn.role) {
        Validations.of(fn.role).acknowledge({
          id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/baton/${settings.name}/*]`,
          reason: 'An integration names its secret when it is made; all of them are of this stage.',
        });
      }
      if (access === 'read') {
        return;
      }
      // Where the stage is found stands beside its secrets, and is nobody's to replace but a
      // deployment's.
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          actions: ['ssm:PutParameter'],
          resources: STAGE_PARAMETERS.map(parameter),
        }),
      );
    },
  };
}
