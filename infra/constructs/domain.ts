import { CfnOutput } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import type { StageDomain } from '../stage-options.ts';

/**
 * A host name of one's own, so that a replaced API does not change what people have in
 * `SENTRY_URL`. Its path `/api` leads to the stage: the addresses are the same as under the host
 * that AWS gives. The name's CNAME, to the output `DomainTarget`, is made where the zone is.
 *
 * @returns the address of the host
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
