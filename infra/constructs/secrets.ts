import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { STAGE_PARAMETERS } from '../stage-parameters.ts';
import type { StageSettings } from '../stages.ts';

/**
 * The secrets of a stage's integrations: encrypted parameters below `/baton/{stage}/`, written by
 * the seed command or by an operator. They use the account's default key for parameters, which
 * everyone with the right to read a parameter may use.
 */
export function createSecrets(settings: StageSettings) {
  const parameter = (fn: lambda.Function, name: string) =>
    Stack.of(fn).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `baton/${settings.name}/${name}`,
    });
  const acknowledge = (fn: lambda.Function, name: string, reason: string) => {
    if (fn.role) {
      Validations.of(fn.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/baton/${settings.name}/${name}]`,
        reason,
      });
    }
  };

  return {
    /** Lets the function read the secrets; with `write` also replace them. */
    bind(fn: lambda.Function, access: 'read' | 'write'): void {
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['ssm:GetParameter', ...(access === 'write' ? ['ssm:PutParameter'] : [])],
          resources: [parameter(fn, '*')],
        }),
      );
      acknowledge(
        fn,
        '*',
        'An integration names its secret when it is made; all of them are of this stage.',
      );
      if (access === 'read') {
        return;
      }
      // The stage's own parameters are beside its secrets; only a deployment may write them.
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          actions: ['ssm:PutParameter'],
          resources: STAGE_PARAMETERS.map((name) => parameter(fn, name)),
        }),
      );
    },

    /**
     * Lets the function delete secrets of integrations that were created through the API. Those are
     * below the organization's path, unlike the secrets of worlds and the stack's own parameters.
     */
    bindDeletion(fn: lambda.Function): void {
      fn.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['ssm:DeleteParameter'],
          resources: [parameter(fn, 'organizations/*')],
        }),
      );
      acknowledge(
        fn,
        'organizations/*',
        'The secrets of integrations that are gone: nobody knows them when the stage is deployed.',
      );
    },
  };
}
