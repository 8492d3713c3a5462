import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../services/aws-json.ts';

/** The addresses of the engines and of the services of the driver. */
export type Endpoints = {
  readonly dynamodb: string;
  readonly eventbridge: string;
  readonly sqs: string;
  readonly ssm: string;
  /** The cache as `host:port`. */
  readonly cache: string;
  /** The variables with the address of the cache, whose names depend on the app. */
  readonly cacheVariables: Readonly<Record<string, string>>;
  /** The variables with the names of the cache and of its user, which keep their values. */
  readonly cacheNames: { readonly cache: string; readonly user: string };
};

/**
 * The variables that the driver sets in every function: endpoints and credentials, and no others.
 * `AWS_ACCESS_KEY_ID` is the name of the function; `AWS_SESSION_TOKEN` is set for each child
 * process.
 */
export function replacedVariables(endpoints: Endpoints): Record<string, string> {
  return {
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SSM: endpoints.ssm,
  };
}

/** The variables that Lambda sets in a function. */
export function runtimeVariables(runtime: {
  name: string;
  arn: string;
  handler: string;
  folder: string;
  memoryMegabytes: number;
  logFormat: string | undefined;
  logLevel: string | undefined;
}): Record<string, string> {
  return {
    _HANDLER: runtime.handler,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(runtime.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: runtime.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${runtime.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    ...(runtime.logFormat && { AWS_LAMBDA_LOG_FORMAT: runtime.logFormat }),
    ...(runtime.logLevel && { AWS_LAMBDA_LOG_LEVEL: runtime.logLevel }),
    BATON_LOCAL_FUNCTION_ARN: runtime.arn,
    LAMBDA_TASK_ROOT: runtime.folder,
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
  };
}
