/** An evaluator of the IAM policy documents that our templates contain. */

/** A statement of a policy. References in it may be unresolved. */
export type Statement = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** A call, with the context that AWS adds to it. */
export type PolicyRequest = {
  /**
   * `service:cloudwatch.amazonaws.com`, or the ARN of the root of an account. Policies of a role
   * have no principal.
   */
  readonly principal?: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
};

export type Verdict = 'allowed' | 'implicit deny' | 'explicit deny';

/**
 * The decision of AWS from these statements alone: denied if a Deny applies, else allowed if an
 * Allow applies, else denied.
 *
 * @param write converts a value of the document, which may be a reference, to text
 * @throws Error for an element or operator that the evaluator does not support
 */
export function evaluatePolicy(
  statements: readonly Statement[],
  request: PolicyRequest,
  write: (value: unknown) => string = String,
): Verdict {
  const applying = statements.filter((statement) => applies(statement, request, write));
  if (applying.some(({ Effect }) => Effect === 'Deny')) {
    return 'explicit deny';
  }
  if (applying.some(({ Effect }) => Effect === 'Allow')) {
    return 'allowed';
  }
  return 'implicit deny';
}

/**
 * Checks that the evaluator supports all of a statement. This has to be done before evaluating: a
 * statement that does not concern a request is not read to its end.
 *
 * @throws Error for an element or operator that it does not support
 */
export function requireSupportedStatement(statement: Statement): void {
  const unknown = Object.keys(statement).filter((name) => !KNOWN_ELEMENTS.includes(name));
  if (unknown.length > 0) {
    throw new Error(`Unsupported elements of a policy statement: ${unknown}`);
  }
  for (const operator of Object.keys(statement.Condition ?? {})) {
    if (!(withoutForAll(operator) in OPERATORS)) {
      throw new Error(`Unsupported condition operator in a policy: ${operator}`);
    }
  }
}

const KNOWN_ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

function applies(
  statement: Statement,
  request: PolicyRequest,
  write: (value: unknown) => string,
): boolean {
  requireSupportedStatement(statement);
  const { Principal, Action, Resource, Condition = {} } = statement;
  return (
    (Principal === undefined || principalsOf(Principal, write).some(is(request.principal))) &&
    listOf(Action).some((pattern) => isAction(request.action, write(pattern))) &&
    listOf(Resource).some((pattern) => isLike(request.resource, write(pattern))) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        holds(operator, request.context[key], listOf(values).map(write)),
      ),
    )
  );
}

const is = (principal: string | undefined) => (candidate: string) =>
  candidate === '*' || candidate === principal;

/** `*` and `{"AWS": "*"}` mean any principal. */
function principalsOf(principal: unknown, write: (value: unknown) => string): string[] {
  if (principal === '*') {
    return ['*'];
  }
  return Object.entries(principal as Record<string, unknown>).flatMap(([kind, values]) =>
    listOf(values).map((value) => {
      const text = write(value);
      if (kind === 'Service') {
        return `service:${text}`;
      }
      if (kind === 'AWS') {
        return text;
      }
      throw new Error(`Unsupported kind of principal in a policy: ${kind}`);
    }),
  );
}

const FOR_ALL = 'ForAllValues:';

const withoutForAll = (operator: string): string =>
  operator.startsWith(FOR_ALL) ? operator.slice(FOR_ALL.length) : operator;

type Operator = (actual: string, values: readonly string[]) => boolean;

const isLikeOne: Operator = (actual, values) => values.some((pattern) => isLike(actual, pattern));

/** For ARNs the two operators are the same to IAM, and both support wildcards. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (actual, values) => values.includes(actual),
  Bool: (actual, values) => values.some((value) => value.toLowerCase() === actual.toLowerCase()),
  StringLike: isLikeOne,
  ArnEquals: isLikeOne,
  ArnLike: isLikeOne,
};

/** A condition on a key that the request lacks fails, except one of `ForAllValues`. */
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  if (actual === undefined) {
    return operator.startsWith(FOR_ALL);
  }
  return OPERATORS[withoutForAll(operator)]?.(actual, values) ?? false;
}

/** Whether a pattern matches an action, in any case of letters. */
export function isAction(action: string, pattern: string): boolean {
  return isLike(action.toLowerCase(), pattern.toLowerCase());
}

/** Whether a pattern with `*` and `?` matches a text. */
export function isLike(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) {
    return text === pattern;
  }
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
