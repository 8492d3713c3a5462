import type { ConnectionOptions } from '../template/connections.ts';
import { arnOf, LOCAL_ACCOUNT } from '../template/deployment.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createGatewayResponses } from './gateway-responses.ts';
import { readApi } from './openapi.ts';

/** The API of the stack, and the stage that serves it. */
export function createStackGateway({
  deployment,
  functions,
  inFlight,
  observe,
}: ConnectionOptions): {
  gateway: Gateway;
  stage: string;
} {
  const [api, ...otherApis] = deployment.resourcesOf('AWS::ApiGateway::RestApi');
  const [stage, ...otherStages] = deployment.resourcesOf('AWS::ApiGateway::Stage');
  if (!api || !stage || otherApis.length + otherStages.length > 0) {
    throw new Error('The template must have exactly one REST API with one stage.');
  }
  const path = `${api.path}.Body`;
  const document = readApi(api.properties.Body, path);
  const stageName = String(stage.properties.StageName);
  const apiId = 'local';
  const gateway = createGateway({
    api: document,
    responses: createGatewayResponses(document, path),
    ids: { apiId, accountId: LOCAL_ACCOUNT, stage: stageName },
    methodArnPrefix: arnOf('execute-api', apiId),
    functions,
    inFlight,
    observe,
  });
  return { gateway, stage: stageName };
}
