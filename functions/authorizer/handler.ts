import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { authorization } from '../../shared/http/authorization.ts';
import { headerOf } from '../../shared/http/request.ts';
import { authenticate } from '../../shared/operations/lookup/authenticate.ts';
import { wireClockAndIds, wireTable } from '../../shared/wiring.ts';

const { tokens, users } = wireTable();
const { clock } = wireClockAndIds();

/** Lets the gateway know who asks. */
export async function handler(
  event: APIGatewayRequestAuthorizerEvent,
): Promise<APIGatewayAuthorizerResult> {
  const token = await authenticate(
    { tokens, users, clock },
    headerOf(event.headers, 'authorization'),
  );
  return authorization(token, event.methodArn);
}
