import { Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ROUTES } from '../../shared/http/routes.ts';
import { openApiDocument } from '../openapi.ts';
import { type StageSettings, stageName } from '../stages.ts';
import { createDomain } from './domain.ts';
import { createFirewall } from './firewall.ts';

/** With this name the host plus `/api/0/...` is the address that Sentry's clients build. */
const API_STAGE = 'api';

type ApiInput = {
  readonly settings: StageSettings;
  readonly functions: Readonly<Record<string, lambda.Function>>;
};

/**
 * The REST API of the route table. Only this API's stage may invoke the functions of the routes,
 * and only its authorizers the authorizer.
 */
export function createApi(scope: Construct, { settings, functions }: ApiInput): { url: string } {
  const stack = Stack.of(scope);
  const functionOf = (name: string): lambda.Function => {
    const fn = functions[name];
    if (!fn) {
      throw new Error(`The route table names ${name}, which is no function of the catalog`);
    }
    return fn;
  };
  const uri = (name: string) =>
    Fn.sub(
      'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations',
      { arn: functionOf(name).functionArn },
    );
  const document = openApiDocument(
    stageName(settings),
    ROUTES,
    { uri, authorizerUri: uri('authorizer') },
    settings.allowedOrigins,
  );
  const api = new apigateway.SpecRestApi(scope, 'api', {
    // Otherwise the API of every stage has the name `api` in the console and in metrics.
    restApiName: stageName(settings),
    apiDefinition: apigateway.ApiDefinition.fromInline(document),
    failOnWarnings: true,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    cloudWatchRole: false,
    deployOptions: {
      stageName: API_STAGE,
      tracingEnabled: settings.tracing,
      throttlingRateLimit: settings.throttle.ratePerSecond,
      throttlingBurstLimit: settings.throttle.burst,
      ...(settings.logs.access && accessLogs(scope, settings)),
    },
  });
  if (settings.firewall) {
    createFirewall(scope, settings, api.deploymentStage);
  }
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-APIG2',
      reason: 'The functions validate requests themselves and refuse them in the words of Sentry.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-APIG1',
      reason: 'Access logs are a setting of the stage: a personal one has a single caller.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason: 'The firewall is a setting of the stage: it costs as much as a personal stage does.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-APIG6',
      reason:
        'Execution logs repeat what access logs and functions say, and cost more than the calls.',
    },
  );
  const allow = (name: string, below: string) =>
    functionOf(name).addPermission('api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: stack.formatArn({
        service: 'execute-api',
        resource: api.restApiId,
        resourceName: below,
      }),
    });
  for (const name of new Set(ROUTES.map((route) => route.function))) {
    allow(name, `${API_STAGE}/*`);
  }
  allow('authorizer', 'authorizers/*');
  if (settings.domain !== null) {
    return { url: createDomain(scope, settings.domain, api.deploymentStage) };
  }
  return {
    url: Fn.sub('https://${api}.execute-api.${AWS::Region}.${AWS::URLSuffix}', {
      api: api.restApiId,
    }),
  };
}

function accessLogs(scope: Construct, settings: StageSettings): apigateway.StageOptions {
  const logGroup = new LogGroup(scope, 'access-logs', {
    retention: settings.logs.retentionDays,
    removalPolicy: settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  return {
    accessLogDestination: new apigateway.LogGroupLogDestination(logGroup),
    accessLogFormat: apigateway.AccessLogFormat.custom(
      JSON.stringify({
        requestId: '$context.requestId',
        time: '$context.requestTimeEpoch',
        // No address: SDKs send from the machines of people who use a product.
        method: '$context.httpMethod',
        route: '$context.resourcePath',
        status: '$context.status',
        responseBytes: '$context.responseLength',
        latencyMs: '$context.responseLatency',
        integrationMs: '$context.integrationLatency',
        gatewayError: '$context.error.responseType',
        tokenId: '$context.authorizer.tokenId',
      }),
    ),
  };
}
