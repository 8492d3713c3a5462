import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type { Token } from '../domain/directory.ts';

/**
 * The gateway's permission for a token, or its refusal: a refusal becomes the 401 of a bad token,
 * since what a known token may do is judged by the functions. The gateway keeps the answer and
 * reuses it for other routes, so it covers all of the API and depends on nothing but the token.
 *
 * @param methodArn the route that was asked for:
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
    // Nothing but text passes through the gateway here.
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
