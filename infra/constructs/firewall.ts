import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { type StageSettings, stageName } from '../stages.ts';

/**
 * The limit for one address: 100 requests a second over five minutes, more than a caller's own
 * limits allow.
 */
const REQUESTS_IN_FIVE_MINUTES = 30_000;

/**
 * A web ACL in front of the stage. It blocks addresses that send too many requests, and those that
 * AWS lists as attackers. Managed rules that inspect bodies are left out, since titles of issues
 * often look like attacks.
 */
export function createFirewall(
  scope: Construct,
  settings: StageSettings,
  stage: apigateway.Stage,
): void {
  const visibility = (metricName: string) => ({
    metricName,
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
  });
  const acl = new wafv2.CfnWebACL(scope, 'firewall', {
    name: stageName(settings),
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(stageName(settings)),
    customResponseBodies: {
      throttled: {
        contentType: 'APPLICATION_JSON',
        content: JSON.stringify({ detail: 'Too many requests' }),
      },
    },
    rules: [
      {
        name: 'requests-of-one-address',
        priority: 1,
        statement: {
          rateBasedStatement: { aggregateKeyType: 'IP', limit: REQUESTS_IN_FIVE_MINUTES },
        },
        action: {
          block: {
            customResponse: {
              responseCode: 429,
              customResponseBodyKey: 'throttled',
              responseHeaders: [{ name: 'Retry-After', value: '60' }],
            },
          },
        },
        visibilityConfig: visibility('requests-of-one-address'),
      },
      {
        name: 'known-attackers',
        priority: 2,
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: 'AWSManagedRulesAmazonIpReputationList',
          },
        },
        overrideAction: { none: {} },
        visibilityConfig: visibility('known-attackers'),
      },
    ],
  });
  new wafv2.CfnWebACLAssociation(scope, 'firewall-association', {
    webAclArn: acl.attrArn,
    resourceArn: stage.stageArn,
  });
}
