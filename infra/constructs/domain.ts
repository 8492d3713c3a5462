import { CfnOutput } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import type { StageDomain } from '../stage-options.ts';

/**
 * A host name for the API, so that replacing the API does not change people's `SENTRY_URL`. Its
 * path `/api` leads to the stage: paths are the same as under the host of AWS. The operator creates
 * a CNAME to the output `DomainTarget`.
 */
export function createDomain(
  scope: Construct,
  { name, certificateArn }: StageDomain,
  stage: apigateway.Stage,
): string {
  const domain = new apigateway.DomainName(scope, 'domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'domain-certificate', certificateArn),
    endpointType: apigateway.EndpointType.REGIONAL,
    securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
  });
  new apigateway.CfnBasePathMapping(scope, 'domain-path', {
    domainName: domain.domainName,
    basePath: stage.stageName,
    restApiId: stage.restApi.restApiId,
    stage: stage.stageName,
  });
  new CfnOutput(scope, 'DomainTarget', {
    value: domain.domainNameAliasDomainName,
    description: `The CNAME of ${name}`,
  });
  return `https://${name}`;
}
