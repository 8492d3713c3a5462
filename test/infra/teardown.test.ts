import { describe, expect, it } from 'vitest';
import { render, synthesize, target } from './template.ts';

/**
 * What a personal stage leaves behind when it is destroyed: nothing. CloudFormation removes what
 * the template holds, so all is said when no resource is kept, and nothing is made beside the
 * template that a command does not remove.
 */
const stack = synthesize('alice', { dashboard: 'on', firewall: 'on', tracing: 'on' });
const resources = Object.entries(stack.document.Resources);

/** Types that CloudFormation, or the CDK for it, keeps unless the template says otherwise. */
const KEPT_BY_DEFAULT = ['AWS::DynamoDB::GlobalTable', 'AWS::Logs::LogGroup'];

describe('a personal stage that is destroyed', () => {
  it('keeps no resource, and takes no last snapshot', () => {
    expect(resources.length).toBeGreaterThan(150);
    const kept = resources.filter(
      ([, { DeletionPolicy }]) => DeletionPolicy !== undefined && DeletionPolicy !== 'Delete',
    );
    expect(kept).toEqual([]);
    for (const type of KEPT_BY_DEFAULT) {
      const found = resources.filter(([, { Type }]) => Type === type);
      expect(found.length).toBeGreaterThan(0);
      for (const [id, { DeletionPolicy }] of found) {
        expect(DeletionPolicy, id).toBe('Delete');
      }
    }
    expect(stack.only('AWS::ElastiCache::ServerlessCache').Properties).not.toHaveProperty(
      'FinalSnapshotName',
    );
  });

  it('has nothing that refuses to go', () => {
    const [replica] = stack.only('AWS::DynamoDB::GlobalTable').Properties.Replicas;
    expect(replica.DeletionProtectionEnabled).toBe(false);
    // CloudFormation does not empty buckets and registries, and waits long for interfaces in a VPC.
    const stubborn = resources.filter(([, { Type }]) => /^AWS::(?:S3|ECR|EC2)::/.test(Type));
    expect(stubborn).toEqual([]);
  });

  it('leaves no group of logs that AWS made by itself: functions have groups of the stack, and may make none', () => {
    for (const [name, { properties }] of stack.functions()) {
      expect(stack.get(target(properties.LoggingConfig.LogGroup)).Type, name).toBe(
        'AWS::Logs::LogGroup',
      );
    }
    expect(JSON.stringify(stack.document)).not.toContain('logs:CreateLogGroup');
  });

  it('has made nothing outside of its resources but parameters below its own name', () => {
    const outside = stack
      .all('AWS::IAM::Policy')
      .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement)
      .filter(({ Effect }: { Effect: string }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }: { Action: string[]; Resource: unknown[] }) =>
        [Action].flat().flatMap((action) =>
          [Resource]
            .flat()
            .map(render)
            // What begins with a reference to a resource of the stack goes with that.
            .filter((resource) => !/^<(?!AWS::)/.test(resource))
            .map((resource) => `${action} on ${resource}`),
        ),
      );
    const makes = outside.filter(
      (line) => !/^(?:ssm:GetParameter|elasticache:Connect|xray:Put\w+) /.test(line),
    );
    const arn = 'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/baton/alice';
    expect([...new Set(makes)].sort()).toEqual([
      `ssm:DeleteParameter on ${arn}/organizations/*`,
      `ssm:PutParameter on ${arn}/*`,
    ]);
  });
});
