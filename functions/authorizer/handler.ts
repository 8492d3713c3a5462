import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { authorization, authorizationHeader } from '../../shared/http/authorization.ts';
import { authenticate } from '../../shared/operations/lookup/authenticate.ts';
import { wireClockAndIds, wireTokenTable } from '../../shared/wiring.ts';

const { tokens, users } = wireTokenTable();
const { clock } = wireClockAndIds();

/** Finds the token of a request for the gateway. */
export async function handler(
  event: APIGatewayRequestAuthorizerEvent,
): Promise<APIGatewayAuthorizerResult> {
  const token = await authenticate({ tokens, users, clock }, authorizationHeader(event.headers));
  return authorization(token, event.methodArn);
}
