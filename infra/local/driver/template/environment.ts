import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../services/aws-json.ts';

/** Where the engines and the driver's own services are. */
export type Endpoints = {
  readonly dynamodb: string;
  readonly eventbridge: string;
  readonly sqs: string;
  readonly ssm: string;
  /** Of the cache, as `host:port`. */
  readonly cache: string;
  /** The variables by which a function finds the cache: only the app knows their names. */
  readonly cacheVariables: Readonly<Record<string, string>>;
  /** The variables that hold the names of the cache and of its user: those stay the template's. */
  readonly cacheNames: { readonly cache: string; readonly user: string };
};

/**
 * The variables that the driver sets in every function instead of, or beside, what the template
 * says: endpoints and credentials, and nothing else. `AWS_ACCESS_KEY_ID` is the function's name,
 * and `AWS_SESSION_TOKEN` follows for each child process.
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

/** What Lambda itself sets in a function. */
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
