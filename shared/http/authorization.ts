import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Token } from '../domain/directory.ts';

/**
 * The value of the `Authorization` header, whose name reaches an authorizer as the client wrote it.
 */
export function authorizationHeader(
  headers: APIGatewayRequestAuthorizerEvent['headers'],
): string | undefined {
  return Object.entries(headers ?? {}).findLast(
    ([name]) => name.toLowerCase() === 'authorization',
  )?.[1];
}

/**
 * The authorizer's answer: every route for a known token, none for an unknown one, which the
 * gateway then answers 401. What a known token may do is checked by the functions. The gateway
 * caches the answer and uses it for other routes too, so it depends on nothing but the token.
 *
 * @param methodArn the requested route:
 * `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`
 */
export function authorization(
  token: Pick<Token, 'id' | 'userId' | 'organizations' | 'scopes'> | undefined,
  methodArn: string,
): APIGatewayAuthorizerResult {
  if (token === undefined) {
    return { principalId: 'unknown', policyDocument: policy('Deny', methodArn) };
  }
  return {
    principalId: token.id,
    policyDocument: policy('Allow', methodArn),
    // The gateway passes on text only.
    context: {
      tokenId: token.id,
      userId: token.userId ?? '',
      organizations: JSON.stringify(token.organizations.map(({ id, slug }) => ({ id, slug }))),
      scopes: token.scopes.join(' '),
    },
  };
}

function policy(
  effect: 'Allow' | 'Deny',
  methodArn: string,
): APIGatewayAuthorizerResult['policyDocument'] {
  const everyRoute = `${methodArn.split('/').slice(0, 2).join('/')}/*`;
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: everyRoute }],
  };
}
