import { type AwsError, awsError } from '../services/aws-json.ts';
import type { Demand } from './demands.ts';
import {
  evaluatePolicy,
  isAction,
  isLike,
  requireSupportedStatement,
  type Statement,
} from './policy.ts';

/** A caller with a role: a function, known by the access key that its processes sign with. */
export type Caller = {
  /** The access key, which is the function's short name. */
  readonly keyId: string;
  /** `arn:aws:sts::…:assumed-role/…`, as error messages name the caller. */
  readonly principal: string;
  /** The statements of its role, with all references resolved. */
  readonly statements: readonly Statement[];
};

/** A permission of a role: one action and one resource of an Allow statement. */
export type Grant = {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
};

/** An action that is denied to a caller while the stack runs, for a test. */
export type Revocation = Pick<Grant, 'caller' | 'action'>;

/** A call that was refused. */
type Refused = Grant & { readonly sentence: string };

export type Access = ReturnType<typeof createAccess>;

/** The permissions of a caller, and whether a call has used each of them. */
type Grants = ReadonlyMap<Grant, { used: boolean }>;

type KnownCaller = Caller & { readonly grants: Grants };

/**
 * At most this many different refused calls are kept: a caller may name any number of resources.
 */
const MAX_REFUSALS = 1_000;

/** The context keys of every request: deployed functions call over TLS. */
const CONTEXT = { 'aws:SecureTransport': 'true' };

/**
 * Decides from their roles what callers may do, as IAM does, and records which permissions were
 * used and which calls were refused. A caller without a role is the operator of this machine and
 * may do everything.
 */
export function createAccess(warn: (line: string) => void) {
  const callers = new Map<string, KnownCaller>();
  const refusals = new Map<string, Refused>();
  let revoked: readonly Revocation[] = [];

  const isRevoked = ({ keyId }: Caller, { action }: Demand): boolean =>
    revoked.some((one) => one.caller === keyId && one.action === action);

  const refuse = (caller: Caller, { action, resource }: Demand, isExplicit: boolean): AwsError => {
    const why = isExplicit
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
    const sentence = `User: ${caller.principal} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    const key = `${caller.keyId} ${action} ${resource}`;
    if (!refusals.has(key)) {
      warn(sentence);
    }
    if (refusals.size < MAX_REFUSALS) {
      refusals.set(key, { caller: caller.keyId, action, resource, sentence });
    }
    return awsError('AccessDeniedException', sentence);
  };

  /**
   * The error if the caller may not do this, else undefined; records the permissions that it used.
   */
  const refusalOfDemand = (caller: KnownCaller, demand: Demand): AwsError | undefined => {
    const verdict = evaluatePolicy(caller.statements, { ...demand, context: CONTEXT });
    if (verdict !== 'allowed' || isRevoked(caller, demand)) {
      return refuse(caller, demand, verdict === 'explicit deny');
    }
    recordUse(caller.grants, demand);
    return undefined;
  };

  return {
    /**
     * Adds a caller with its role.
     *
     * @throws Error for a statement that cannot be evaluated
     */
    add(caller: Caller): void {
      for (const statement of caller.statements) {
        requireSupportedStatement(statement);
        requireSupportedConditionKeys(statement);
      }
      const grants = caller.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(grantsOf);
      callers.set(caller.keyId, {
        ...caller,
        grants: new Map(
          grants.map((grant) => [{ caller: caller.keyId, ...grant }, { used: false }]),
        ),
      });
    },

    /**
     * The error for the first demand that the caller may not make; undefined if it may make all.
     */
    check(keyId: string | undefined, demands: readonly Demand[]): AwsError | undefined {
      const caller = callers.get(keyId ?? '');
      if (!caller) {
        return undefined;
      }
      for (const demand of demands) {
        const refused = refusalOfDemand(caller, demand);
        if (refused) {
          return refused;
        }
      }
      return undefined;
    },

    /** Denies actions until the next call, as if the roles of the callers did not allow them. */
    revoke(revocations: readonly Revocation[]): void {
      revoked = revocations;
      refusals.clear();
    },

    /** The permissions of all callers, and whether a call has used each of them. */
    grants: (): (Grant & { used: boolean })[] =>
      [...callers.values()].flatMap(({ grants }) =>
        [...grants].map(([grant, { used }]) => ({ ...grant, used })),
      ),

    /** The calls that were refused, each once. */
    refusals: (): Refused[] => [...refusals.values()],
  };
}

/** Records that a call has used every permission that covers the demand. */
function recordUse(grants: Grants, { action, resource }: Demand): void {
  for (const [grant, state] of grants) {
    state.used ||= isAction(action, grant.action) && isLike(resource, grant.resource);
  }
}

function grantsOf({ Action, Resource }: Statement): Demand[] {
  const resources = [Resource].flat().map(String);
  return [Action].flat().flatMap((action) => resources.map((resource) => ({ action, resource })));
}

/** A Deny on a key that no request has would never apply, and no test would show it. */
function requireSupportedConditionKeys({ Condition = {} }: Statement): void {
  const unknown = Object.values(Condition)
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => !(key in CONTEXT));
  if (unknown.length > 0) {
    throw new Error(`Unsupported condition keys in a policy: ${unknown.join(', ')}`);
  }
}
