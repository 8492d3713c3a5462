import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../shared/http/routes.ts';
import { render, synthesize, type Template, target } from './template.ts';

let alice: Template;
let prod: Template;

beforeAll(() => {
  alice = synthesize('alice');
  prod = synthesize('prod');
});

const invocation = (id: string) =>
  `arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<${id}.Arn>/invocations`;

/** What the API may invoke, as `[function's logical id, below which part of the API]`. */
function permissions(stack: Template): [string, string][] {
  const [[api] = expect.fail('no API')] = stack.all('AWS::ApiGateway::RestApi');
  const prefix = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/`;
  return stack.all('AWS::Lambda::Permission').map(([id, permission]) => {
    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    });
    const source = render(permission.SourceArn);
    expect(source.startsWith(prefix), id).toBe(true);
    return [target(permission.FunctionName), source.slice(prefix.length)];
  });
}

describe('the API', () => {
  it.each(ROUTES)('$method $path reaches $function, which lets it in', (route) => {
    const { Body } = alice.only('AWS::ApiGateway::RestApi').Properties;
    const operation = Body.paths[route.path.slice(0, -1)][route.method.toLowerCase()];
    const { id } = alice.functions().get(route.function) ?? expect.fail('not in the stack');
    expect(render(operation['x-amazon-apigateway-integration'].uri)).toBe(invocation(id));
    expect(permissions(alice)).toContainEqual([id, 'api/*']);
  });

  it('asks the authorizer, which lets it in', () => {
    const { Body } = alice.only('AWS::ApiGateway::RestApi').Properties;
    const { id } = alice.functions().get('authorizer') ?? expect.fail('not in the stack');
    const authorizer =
      Body.components.securitySchemes.token['x-amazon-apigateway-authorizer'].authorizerUri;
    expect(render(authorizer)).toBe(invocation(id));
    expect(permissions(alice)).toContainEqual([id, 'authorizers/*']);
  });

  it('may invoke nothing else', () => {
    expect(permissions(alice)).toHaveLength(
      new Set(ROUTES.map((route) => route.function)).size + 1,
    );
  });

  it('refuses an import that is only nearly right', () => {
    expect(alice.only('AWS::ApiGateway::RestApi').Properties.FailOnWarnings).toBe(true);
  });

  it('bears the name of its stage, by which the console and its metrics know it', () => {
    expect(alice.only('AWS::ApiGateway::RestApi').Properties.Name).toBe('baton-alice');
  });

  it('is deployed as the stage api, throttled for all callers together', () => {
    expect(alice.only('AWS::ApiGateway::Stage').Properties).toMatchObject({
      StageName: 'api',
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 200,
          ThrottlingBurstLimit: 400,
          DataTraceEnabled: false,
        },
      ],
    });
  });

  it('logs each request where the stage says so, and never a token or who sent it', () => {
    expect(alice.only('AWS::ApiGateway::Stage').Properties).not.toHaveProperty('AccessLogSetting');
    const { Format } = prod.only('AWS::ApiGateway::Stage').Properties.AccessLogSetting;
    expect(JSON.parse(Format)).toMatchObject({ requestId: '$context.requestId' });
    expect(Format).not.toMatch(/header|Authorization|identity/i);
  });

  it('leaves the account-wide log role to the stack of the region', () => {
    for (const stack of [alice, prod]) {
      expect(stack.all('AWS::ApiGateway::Account')).toEqual([]);
    }
  });
});
