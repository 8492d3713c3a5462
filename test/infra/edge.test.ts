import { beforeAll, describe, expect, it } from 'vitest';
import {
  evaluatePolicy,
  type PolicyRequest,
  type Statement,
} from '../../infra/local/driver/access/policy.ts';
import { render, synthesize, type Template, target } from './template.ts';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1a2b';

let alice: Template;
let prod: Template;

beforeAll(() => {
  alice = synthesize('alice');
  prod = synthesize('prod');
});

describe('the firewall', () => {
  it('stands in front of the API of prod, and where a stage asks for it', () => {
    for (const stack of [prod, synthesize('alice', { firewall: 'on' })]) {
      const [[acl] = expect.fail('no firewall')] = stack.all('AWS::WAFv2::WebACL');
      const { ResourceArn, WebACLArn } = stack.only('AWS::WAFv2::WebACLAssociation').Properties;
      const [[api] = expect.fail('no API')] = stack.all('AWS::ApiGateway::RestApi');
      const [[stage] = expect.fail('no stage')] = stack.all('AWS::ApiGateway::Stage');
      expect(target(WebACLArn)).toBe(acl);
      expect(render(ResourceArn)).toMatch(new RegExp(`/restapis/<${api}>/stages/<${stage}>$`));
    }
    expect(alice.all('AWS::WAFv2::WebACL')).toEqual([]);
    expect(synthesize('prod', { firewall: 'off' }).all('AWS::WAFv2::WebACL')).toEqual([]);
  });

  it('answers who asks too much as the gateway does', () => {
    const { Rules, CustomResponseBodies } = prod.only('AWS::WAFv2::WebACL').Properties;
    const { ResponseCode, CustomResponseBodyKey } = Rules[0].Action.Block.CustomResponse;
    expect(ResponseCode).toBe(429);
    expect(JSON.parse(CustomResponseBodies[CustomResponseBodyKey].Content)).toEqual({
      detail: 'Too many requests',
    });
  });

  it('reads no bodies: the titles of issues are full of attacks', () => {
    const { Rules } = prod.only('AWS::WAFv2::WebACL').Properties;
    const groups = Rules.flatMap(
      ({ Statement }: { Statement: Record<string, { Name: string }> }) =>
        Statement.ManagedRuleGroupStatement ? [Statement.ManagedRuleGroupStatement.Name] : [],
    );
    expect(groups).toEqual(['AWSManagedRulesAmazonIpReputationList']);
  });
});

describe('a domain of one’s own', () => {
  it('has the same paths, is the URL that commands find, and names the target of its CNAME', () => {
    const domain = 'baton.example.com';
    const stack = synthesize('prod', { domain, certificate: CERTIFICATE });
    expect(stack.only('AWS::ApiGateway::DomainName').Properties).toMatchObject({
      DomainName: domain,
      RegionalCertificateArn: CERTIFICATE,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
    });
    const mapping = stack.only('AWS::ApiGateway::BasePathMapping').Properties;
    const [[stage] = expect.fail('no stage')] = stack.all('AWS::ApiGateway::Stage');
    expect(render(mapping.BasePath)).toBe(`<${stage}>`);
    expect(render(mapping.Stage)).toBe(`<${stage}>`);
    expect(stack.get(stage).Properties.StageName).toBe('api');
    const [url] = stack
      .all('AWS::SSM::Parameter')
      .filter(([, { Name }]) => Name === '/baton/prod/url');
    expect(url?.[1].Value).toBe(`https://${domain}`);
  });

  it('is nowhere without one', () => {
    expect(prod.all('AWS::ApiGateway::DomainName')).toEqual([]);
  });
});

describe('events from outside', () => {
  it('are kept for a week, in an archive of the stage’s bus that goes with the stage', () => {
    const { Properties, DeletionPolicy } = alice.only('AWS::Events::Archive');
    expect(Properties).toMatchObject({
      ArchiveName: 'baton-alice-incoming',
      EventPattern: { source: ['baton.events'] },
      RetentionDays: 7,
    });
    expect(Properties.ArchiveName.length).toBeLessThanOrEqual(48);
    expect(render(Properties.SourceArn)).toMatch(/^<bus\w+\.Arn>$/);
    expect(DeletionPolicy).not.toBe('Retain');
  });

  const put = (context: Record<string, string>): PolicyRequest => ({
    principal: 'arn:producer',
    action: 'events:PutEvents',
    resource: '<bus>',
    context,
  });
  const seen = { 'events:source': 'baton.events', 'events:detail-type': 'group.seen' };
  const write = (value: unknown) => render(value).replace(/^<bus\w+\.Arn>$/, '<bus>');

  it.each<[string, PolicyRequest, string]>([
    ['an event that happened', put(seen), 'allowed'],
    ['an event of ours', put({ ...seen, 'events:source': 'baton' }), 'implicit deny'],
    [
      'another event from outside',
      put({ ...seen, 'events:detail-type': 'issue.assigned' }),
      'implicit deny',
    ],
    ['a rule', { ...put(seen), action: 'events:PutRule' }, 'implicit deny'],
    ['another bus', { ...put(seen), resource: 'arn:default' }, 'implicit deny'],
  ])('a producer may put on the bus: %s? (%#)', (_, request, verdict) => {
    const { Properties } = alice.only('AWS::IAM::ManagedPolicy');
    expect(Properties.ManagedPolicyName).toBe('baton-alice-producer');
    const statements = Properties.PolicyDocument.Statement as Statement[];
    expect(evaluatePolicy(statements, request, write)).toBe(verdict);
  });

  it('may be put by the accounts that a stage names, under the same conditions', () => {
    const accounts = ['111111111111', '222222222222'];
    const stack = synthesize('prod', { producers: accounts.join(',') });
    const policies = stack.all('AWS::Events::EventBusPolicy').map(([, properties]) => properties);
    expect(policies.map(({ Statement }) => Statement.Principal.AWS)).toEqual(accounts);
    const statements = policies.map(({ Statement }) => Statement as Statement);
    const ask = (principal: string, context: Record<string, string>) =>
      evaluatePolicy(statements, { ...put(context), principal }, write);
    expect(ask('111111111111', seen)).toBe('allowed');
    expect(ask('333333333333', seen)).toBe('implicit deny');
    expect(ask('111111111111', { ...seen, 'events:source': 'baton' })).not.toBe('allowed');
    expect(prod.all('AWS::Events::EventBusPolicy')).toEqual([]);
  });
});
