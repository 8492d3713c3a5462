import { type AwsError, awsError } from '../services/aws-json.ts';
import type { Demand } from './demands.ts';
import { checkStatement, evaluatePolicy, isAction, isLike, type Statement } from './policy.ts';

/** Somebody with a role: a function, by the access key that its processes sign with. */
export type Caller = {
  /** The access key, which is the function's short name. */
  readonly keyId: string;
  /** `arn:aws:sts::…:assumed-role/…`, for the sentence that refuses. */
  readonly principal: string;
  /** All that its role says, with every reference written out. */
  readonly statements: readonly Statement[];
};

/** One permission of one role: an action of an Allow statement with a resource of it. */
export type Grant = {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
};

/** An action that is taken away from a caller while the stack runs. */
export type Revocation = Pick<Grant, 'caller' | 'action'>;

/** A call that was refused. */
type Refused = Grant & { readonly sentence: string };

export type Access = ReturnType<typeof createAccess>;

/** Every permission of a caller, and whether a call has needed it. */
type Grants = ReadonlyMap<Grant, { used: boolean }>;

type KnownCaller = Caller & { readonly grants: Grants };

/** Different calls that are refused are few; a caller that makes up resources fills no memory. */
const MAX_REFUSALS = 1_000;

/** What a request tells of itself: the calls of a deployed function go over TLS. */
const CONTEXT = { 'aws:SecureTransport': 'true' };

/**
 * Decides by their roles what callers may do, as IAM does, and keeps account of it: which
 * permissions were used, and what was refused. Who has no role is the operator of this machine, and
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

  /** Why the caller may not do this; undefined when it may, which uses its permissions for it. */
  const checkDemand = (caller: KnownCaller, demand: Demand): AwsError | undefined => {
    const verdict = evaluatePolicy(caller.statements, { ...demand, context: CONTEXT });
    if (verdict !== 'allowed' || isRevoked(caller, demand)) {
      return refuse(caller, demand, verdict === 'denied by a statement');
    }
    recordUse(caller.grants, demand);
    return undefined;
  };

  return {
    /**
     * Gives somebody a role.
     *
     * @throws Error for a statement that cannot be evaluated: nothing is guessed later
     */
    add(caller: Caller): void {
      for (const statement of caller.statements) {
        checkStatement(statement);
        checkConditionKeys(statement);
      }
      const grants = caller.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(grantsOf);
      callers.set(caller.keyId, {
        ...caller,
        grants: new Map(
          grants.map((grant) => [{ caller: caller.keyId, ...grant }, { used: false }]),
        ),
      });
    },

    /** Why the caller may not do all of this; undefined when it may. */
    check(keyId: string | undefined, demands: readonly Demand[]): AwsError | undefined {
      const caller = callers.get(keyId ?? '');
      if (!caller) {
        return undefined;
      }
      for (const demand of demands) {
        const refused = checkDemand(caller, demand);
        if (refused) {
          return refused;
        }
      }
      return undefined;
    },

    /** Takes actions away, as if the callers' roles did not name them, until the next call. */
    revoke(revocations: readonly Revocation[]): void {
      revoked = revocations;
      refusals.clear();
    },

    /** Every permission of every role, and whether a call has needed it. */
    grants: (): (Grant & { used: boolean })[] =>
      [...callers.values()].flatMap(({ grants }) =>
        [...grants].map(([grant, { used }]) => ({ ...grant, used })),
      ),

    /** What was refused, each once. */
    refusals: (): Refused[] => [...refusals.values()],
  };
}

/** Records that a call has needed every permission that covers the demand. */
function recordUse(grants: Grants, { action, resource }: Demand): void {
  for (const [grant, state] of grants) {
    state.used ||= isAction(action, grant.action) && isLike(resource, grant.resource);
  }
}

function grantsOf({ Action, Resource }: Statement): Demand[] {
  const resources = [Resource].flat().map(String);
  return [Action].flat().flatMap((action) => resources.map((resource) => ({ action, resource })));
}

/** A Deny whose key is never there would deny nothing, and nobody would notice. */
function checkConditionKeys({ Condition = {} }: Statement): void {
  const unknown = Object.values(Condition)
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => !(key in CONTEXT));
  if (unknown.length > 0) {
    throw new Error(`Unknown keys of a condition: ${unknown}`);
  }
}
