import type { Functions } from '../lambda/functions.ts';
import type { AuthorizerDefinition } from './openapi.ts';
import type { AuthorizerContext, GatewayRequest } from './proxy-event.ts';

const MAX_REMEMBERED = 10_000;
/** The error message of an authorizer that makes API Gateway answer 401. */
const UNAUTHORIZED_MESSAGE = 'Unauthorized';

/** The decision about a request. */
export type Verdict = { readonly kind: 'allowed'; readonly context: AuthorizerContext } | Refusal;

/** `type` is the type of the gateway response that the caller gets. */
type Refusal = {
  readonly kind: 'refused';
  readonly type:
    | 'UNAUTHORIZED'
    | 'ACCESS_DENIED'
    | 'AUTHORIZER_FAILURE'
    | 'AUTHORIZER_CONFIGURATION_ERROR';
};

type Statement = { Effect?: string; Action?: string | string[]; Resource?: string | string[] };

type Policy = { readonly statements: readonly Statement[]; readonly context: AuthorizerContext };

type AuthorizeInput = {
  request: GatewayRequest;
  methodArn: string;
  /** The event for the integration, from which the event for the authorizer is made. */
  event: Record<string, unknown>;
};

/**
 * Invokes the function of a REQUEST authorizer, and caches its policies by identity source, as API
 * Gateway does.
 */
export function createAuthorizer(definition: AuthorizerDefinition, functions: Functions) {
  const target = functions.get(definition.functionArn);
  const remembered = new Map<string, Policy & { untilMs: number }>();

  const remember = (key: string, policy: Policy) => {
    if (definition.ttlMs === 0) {
      return;
    }
    remembered.delete(key);
    remembered.set(key, { ...policy, untilMs: Date.now() + definition.ttlMs });
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) {
      remembered.delete(oldest);
    }
  };

  /** Invokes the function, which returns a policy or refuses the request. */
  const askForPolicy = async (
    methodArn: string,
    { body: _, isBase64Encoded: __, ...event }: Record<string, unknown>,
  ): Promise<Policy | Refusal> => {
    const outcome = await target.invoke({ type: 'REQUEST', methodArn, ...event });
    if (!outcome.ok) {
      const isUnauthorized = outcome.error.errorMessage === UNAUTHORIZED_MESSAGE;
      return refused(isUnauthorized ? 'UNAUTHORIZED' : 'AUTHORIZER_FAILURE');
    }
    return readPolicy(JSON.parse(outcome.payload)) ?? refused('AUTHORIZER_CONFIGURATION_ERROR');
  };

  return {
    /** Decides whether a request may pass. */
    async authorize({ request, methodArn, event }: AuthorizeInput): Promise<Verdict> {
      const identity = identityOf(request, definition);
      if (!identity) {
        return refused('UNAUTHORIZED');
      }
      const key = JSON.stringify(identity);
      const known = remembered.get(key);
      if (known && known.untilMs > Date.now()) {
        return decideAccess(known, methodArn);
      }

      const policy = await askForPolicy(methodArn, event);
      if ('kind' in policy) {
        return policy;
      }
      remember(key, policy);
      return decideAccess(policy, methodArn);
    },
  };
}

/** The values of the identity sources; undefined if one is absent or empty. */
function identityOf(
  request: GatewayRequest,
  { identitySource }: AuthorizerDefinition,
): string[] | undefined {
  const values = identitySource.map(({ kind, name }) =>
    kind === 'query'
      ? request.query.get(name)
      : request.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1],
  );
  return values.every((value) => typeof value === 'string' && value !== '')
    ? (values as string[])
    : undefined;
}

/**
 * Undefined for an answer that API Gateway refuses: without a principal or a policy, or with
 * objects in the context.
 */
function readPolicy(answer: unknown): Policy | undefined {
  const {
    principalId,
    policyDocument,
    context = {},
  } = (answer ?? {}) as {
    principalId?: unknown;
    policyDocument?: { Statement?: unknown };
    context?: unknown;
  };
  const statements = policyDocument?.Statement;
  if (typeof principalId !== 'string' || !Array.isArray(statements)) {
    return undefined;
  }
  if (typeof context !== 'object' || context === null) {
    return undefined;
  }
  const entries = Object.entries(context);
  const isFlat = entries.every(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  if (!isFlat) {
    return undefined;
  }
  // API Gateway converts all values of the context to strings.
  const texts = entries.map(([name, value]) => [name, String(value)]);
  return { statements, context: { ...Object.fromEntries(texts), principalId } };
}

function decideAccess({ statements, context }: Policy, methodArn: string): Verdict {
  const covers = ({ Action, Resource }: Statement) =>
    [Action ?? []].flat().some((action) => matchesWildcard(action, 'execute-api:Invoke')) &&
    [Resource ?? []].flat().some((resource) => matchesWildcard(resource, methodArn));
  const effects = statements.filter(covers).map(({ Effect }) => Effect);
  if (effects.includes('Deny') || !effects.includes('Allow')) {
    return refused('ACCESS_DENIED');
  }
  return { kind: 'allowed', context: { ...context, integrationLatency: 0 } };
}

function refused(type: Refusal['type']): Refusal {
  return { kind: 'refused', type };
}

function matchesWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) =>
    part
      .split('?')
      .map((literal) => literal.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'))
      .join('.'),
  );
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
