import { refusal } from '../template/template.ts';

/** A method of a resource of the API. */
export type Route = {
  /** In upper case; `ANY` for all methods. */
  readonly method: string;
  /** The resource path of API Gateway: `/0/issues/{issue}`, without a slash at the end. */
  readonly resource: string;
  readonly segments: readonly string[];
  readonly operation: string | undefined;
  readonly functionArn: string;
  /** The name of its authorizer; undefined for a public method. */
  readonly authorizer: string | undefined;
  readonly timeoutMs: number;
};

export type AuthorizerDefinition = {
  readonly name: string;
  readonly functionArn: string;
  /** The required headers and query parameters, whose values are the key of the cache. */
  readonly identitySource: readonly { readonly kind: 'header' | 'query'; readonly name: string }[];
  readonly ttlMs: number;
};

type GatewayResponse = {
  readonly statusCode: number | undefined;
  /** The source of each header: a quoted string, or `context.` and a name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly template: string | undefined;
};

/**
 * The API that the local gateway serves, read from an OpenAPI document with the extensions of API
 * Gateway.
 */
export type Api = {
  readonly routes: readonly Route[];
  readonly authorizers: ReadonlyMap<string, AuthorizerDefinition>;
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  /** Whether bodies reach functions as they are, in Base64; else as text. */
  readonly takesBytes: boolean;
};

type Json = Record<string, unknown>;

const DEFAULT_TIMEOUT_MS = 29_000;
const DEFAULT_AUTHORIZER_TTL_SECONDS = 300;
const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']);
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** The supported extensions. Any other key that begins with `x-amazon-` is refused. */
const KNOWN_EXTENSIONS = new Set([
  'x-amazon-apigateway-gateway-responses',
  'x-amazon-apigateway-policy',
  'x-amazon-apigateway-endpoint-configuration',
  'x-amazon-apigateway-integration',
  'x-amazon-apigateway-authtype',
  'x-amazon-apigateway-authorizer',
  'x-amazon-apigateway-binary-media-types',
  ANY_METHOD,
]);

/** The keys of an integration. Those with `false` have no effect locally. */
const INTEGRATION_KEYS: Record<string, boolean> = {
  type: true,
  uri: true,
  timeoutInMillis: true,
  httpMethod: false,
  credentials: false,
  passthroughBehavior: false,
  payloadFormatVersion: false,
};

/**
 * Reads the OpenAPI document of a REST API.
 *
 * @throws Error for anything that the local gateway would serve differently from API Gateway
 */
export function readApi(body: unknown, path: string): Api {
  const document = objectOf(body, path);
  requireKnownExtensions(document, path);
  const security = document.security;
  const routes = Object.entries(objectOf(document.paths, `${path}.paths`)).flatMap(
    ([resource, item]) =>
      readPath(resource, objectOf(item, path), security, `${path}.paths.${resource}`),
  );
  const components = objectOf(document.components ?? {}, path);
  const schemes = objectOf(components.securitySchemes ?? {}, path);
  const authorizers = new Map(
    Object.entries(schemes).map(([name, scheme]) => [
      name,
      readAuthorizer(name, objectOf(scheme, path), `${path}.components.securitySchemes.${name}`),
    ]),
  );
  for (const { authorizer, resource } of routes) {
    if (authorizer !== undefined && !authorizers.has(authorizer)) {
      throw refusal(
        `${path}.paths.${resource}`,
        `the document has no security scheme ${authorizer}.`,
      );
    }
  }
  const responses = objectOf(document['x-amazon-apigateway-gateway-responses'] ?? {}, path);
  const gatewayResponses = new Map(
    Object.entries(responses).map(([type, response]) => [
      type,
      readGatewayResponse(objectOf(response, path)),
    ]),
  );
  return { routes, authorizers, gatewayResponses, takesBytes: readMediaTypes(document, path) };
}

/** Bodies of every media type, or of none, are bytes. */
function readMediaTypes(document: Json, path: string): boolean {
  const types = document['x-amazon-apigateway-binary-media-types'] ?? [];
  const isEvery = JSON.stringify(types) === '["*/*"]';
  if (!isEvery && JSON.stringify(types) !== '[]') {
    throw refusal(path, 'binary media types other than */* are not supported locally.');
  }
  return isEvery;
}

function readPath(resource: string, item: Json, security: unknown, path: string): Route[] {
  requireKnownExtensions(item, path);
  return Object.entries(item)
    .filter(([key]) => METHODS.has(key) || key === ANY_METHOD)
    .map(([key, value]) => {
      const method = key === ANY_METHOD ? 'ANY' : key.toUpperCase();
      return readMethod({
        method,
        resource,
        operation: objectOf(value, path),
        inheritedSecurity: security,
        path: `${path}.${key}`,
      });
    });
}

/** A method in the document, and its path in the template for errors. */
type MethodInput = {
  method: string;
  resource: string;
  operation: Json;
  /** The `security` of the document, which a method without its own inherits. */
  inheritedSecurity: unknown;
  path: string;
};

function readMethod(input: MethodInput): Route {
  const { method, resource, operation, inheritedSecurity, path } = input;
  requireKnownExtensions(operation, path);
  const integration = objectOf(operation['x-amazon-apigateway-integration'], `${path} integration`);
  for (const key of Object.keys(integration)) {
    if (!(key in INTEGRATION_KEYS)) {
      throw refusal(path, `the integration key ${key} is not supported locally.`);
    }
  }
  if (String(integration.type).toLowerCase() !== 'aws_proxy') {
    throw refusal(
      path,
      `an integration of type ${String(integration.type)} is not supported locally.`,
    );
  }
  const trimmed = resource.length > 1 ? resource.replace(/\/$/, '') : resource;
  return {
    method,
    resource: trimmed,
    segments: trimmed.split('/').filter((segment) => segment !== ''),
    operation: typeof operation.operationId === 'string' ? operation.operationId : undefined,
    functionArn: functionArnOf(integration.uri, `${path}.uri`),
    authorizer: readSecurity(operation.security ?? inheritedSecurity, path),
    timeoutMs: Number(integration.timeoutInMillis ?? DEFAULT_TIMEOUT_MS),
  };
}

function readSecurity(security: unknown, path: string): string | undefined {
  const requirements = (Array.isArray(security) ? security : []) as Json[];
  const names = requirements.flatMap((requirement) => Object.keys(requirement));
  if (names.length > 1) {
    throw refusal(path, 'only one authorizer for each method is supported locally.');
  }
  return names[0];
}

function readAuthorizer(name: string, scheme: Json, path: string): AuthorizerDefinition {
  requireKnownExtensions(scheme, path);
  const authorizer = objectOf(scheme['x-amazon-apigateway-authorizer'], path);
  if (String(authorizer.type).toLowerCase() !== 'request') {
    throw refusal(
      path,
      `an authorizer of type ${String(authorizer.type)} is not supported locally.`,
    );
  }
  const ttl = authorizer.authorizerResultTtlInSeconds ?? DEFAULT_AUTHORIZER_TTL_SECONDS;
  return {
    name,
    functionArn: functionArnOf(authorizer.authorizerUri, `${path}.authorizerUri`),
    identitySource: String(authorizer.identitySource ?? '')
      .split(',')
      .filter((source) => source.trim() !== '')
      .map((source) => readIdentitySource(source.trim(), path)),
    ttlMs: Number(ttl) * 1_000,
  };
}

function readIdentitySource(source: string, path: string) {
  const [, location, name = ''] =
    /^method\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (!location) {
    throw refusal(path, `the identity source ${source} is not supported locally.`);
  }
  return { kind: location === 'header' ? ('header' as const) : ('query' as const), name };
}

function readGatewayResponse(response: Json): GatewayResponse {
  const parameters = (response.responseParameters ?? {}) as Record<string, string>;
  const templates = (response.responseTemplates ?? {}) as Record<string, string>;
  const prefix = 'gatewayresponse.header.';
  return {
    statusCode: response.statusCode === undefined ? undefined : Number(response.statusCode),
    headers: Object.fromEntries(
      Object.entries(parameters).map(([key, source]) => [key.replace(prefix, ''), source]),
    ),
    template: templates['application/json'],
  };
}

/** Reads `arn:aws:apigateway:eu:lambda:path/2015-03-31/functions/arn:.../invocations`. */
function functionArnOf(uri: unknown, path: string): string {
  const arn = /\/functions\/(.+)\/invocations$/.exec(String(uri))?.[1];
  if (arn) {
    return arn;
  }
  throw refusal(path, `${String(uri)} does not name a function.`);
}

function requireKnownExtensions(object: Json, path: string): void {
  for (const key of Object.keys(object)) {
    if (key.startsWith('x-amazon-') && !KNOWN_EXTENSIONS.has(key)) {
      throw refusal(path, `${key} is not supported locally.`);
    }
  }
}

function objectOf(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Json;
  }
  throw refusal(path, `must be an object, not ${JSON.stringify(value)}.`);
}
