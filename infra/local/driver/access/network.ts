import type { Deployed, Deployment } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';

/** What a function reaches: everything where it is in no VPC, else what the VPC lets it. */
export type Reach =
  | 'everything'
  | { readonly services: readonly string[]; readonly cache: boolean };

type VpcConfig = { SubnetIds?: string[]; SecurityGroupIds?: string[] };

/**
 * Reads from the template what a function in a VPC reaches: the services whose gateway endpoint the
 * routes of its subnets lead to, and the cache where that lets the function's group in. There is no
 * way out of a VPC here: the types of resources that would make one are not known.
 *
 * @throws Error that names the place, for an endpoint of another kind
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
      throw refusal(`${path}.VpcEndpointType`, 'only endpoints of gateways are known locally.');
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

/** The addresses that a function's process may connect to; undefined: all of them. */
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
