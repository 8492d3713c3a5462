import type { Deployed, Deployment } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';

/** What a function can connect to: everything, or in a VPC what the VPC allows. */
export type Reach =
  | 'everything'
  | { readonly services: readonly string[]; readonly cache: boolean };

type VpcConfig = { SubnetIds?: string[]; SecurityGroupIds?: string[] };

/**
 * Reads from the template what a function in a VPC can connect to: the services whose gateway
 * endpoint is in the route tables of its subnets, and the cache if its security group lets the
 * function in. Nothing else: the resource types that would open a VPC are not supported.
 *
 * @throws Error with the path in the template, for an endpoint of another kind
 */
export function createReach(deployment: Deployment): (fn: Deployed) => Reach {
  const tables = deployment.resourcesOf('AWS::EC2::SubnetRouteTableAssociation');
  const endpoints = deployment.resourcesOf('AWS::EC2::VPCEndpoint');
  const ingress = deployment.resourcesOf('AWS::EC2::SecurityGroupIngress');
  const cacheGroups = deployment
    .resourcesOf('AWS::ElastiCache::ServerlessCache')
    .flatMap(({ properties }) => listOf(properties.SecurityGroupIds));
  for (const { path, properties } of endpoints) {
    if (properties.VpcEndpointType !== 'Gateway') {
      throw refusal(`${path}.VpcEndpointType`, 'only gateway endpoints are supported locally.');
    }
  }

  return ({ properties }) => {
    const { SubnetIds = [], SecurityGroupIds = [] } = Object(properties.VpcConfig) as VpcConfig;
    if (SubnetIds.length === 0) {
      return 'everything';
    }
    const routes = tables
      .filter((table) => SubnetIds.includes(String(table.properties.SubnetId)))
      .map((table) => table.properties.RouteTableId);
    const services = endpoints
      .filter((endpoint) => listOf(endpoint.properties.RouteTableIds).some(isIn(routes)))
      .map((endpoint) => String(endpoint.properties.ServiceName).split('.').at(-1) ?? '');
    const cache = ingress.some(
      ({ properties: { GroupId, SourceSecurityGroupId } }) =>
        cacheGroups.includes(GroupId) && isIn(SecurityGroupIds)(SourceSecurityGroupId),
    );
    return { services, cache };
  };
}

/** The addresses that the process of a function may connect to; undefined for all. */
export function reachedAddresses(
  reach: Reach,
  addresses: { readonly dynamodb: string; readonly cache: string },
): string[] | undefined {
  if (reach === 'everything') {
    return undefined;
  }
  return [
    ...(reach.services.includes('dynamodb') ? [new URL(addresses.dynamodb).host] : []),
    ...(reach.cache ? [addresses.cache] : []),
  ];
}

const isIn = (list: readonly unknown[]) => (value: unknown) => list.includes(value);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
