import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { StageSettings } from '../stages.ts';

/**
 * The secrets of a stage's integrations: encrypted parameters below `/baton/{stage}/`, written by the seed command or by
 * hand. They are encrypted with the account's own key for parameters, which whoever may read a parameter may use.
 */
export function createSecrets(settings: StageSettings) {
  return {
    /** Lets the function read the secrets, or read and replace them. */
    bind(fn: lambda.Function, access: 'read' | 'write'): void {
      const arn = Stack.of(fn).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: `baton/${settings.name}/*`,
      });
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['ssm:GetParameter', ...(access === 'write' ? ['ssm:PutParameter'] : [])],
          resources: [arn],
        }),
      );
    },
  };
}
