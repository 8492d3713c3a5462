/**
 * A small evaluator of IAM policy documents, for what the templates say about who may do what to a
 * resource.
 */

/** A statement of a policy. Its references may still be to be written out. */
export type Statement = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Somebody's call, with what AWS adds to it. */
export type PolicyRequest = {
  /**
   * `service:cloudwatch.amazonaws.com`, or the ARN of an account's root. The policies of a role
   * name none.
   */
  readonly principal?: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
};

export type Verdict = 'allowed' | 'denied by nobody allowing it' | 'denied by a statement';

/**
 * What AWS would answer from these statements alone: a Deny that applies wins, then an Allow, else
 * it is denied.
 *
 * @param write turns a value of the document, a reference perhaps, into text
 * @throws Error for an element or an operator that this evaluator does not know: it guesses nothing
 */
export function evaluatePolicy(
  statements: readonly Statement[],
  request: PolicyRequest,
  write: (value: unknown) => string = String,
): Verdict {
  const applying = statements.filter((statement) => applies(statement, request, write));
  if (applying.some(({ Effect }) => Effect === 'Deny')) {
    return 'denied by a statement';
  }
  if (applying.some(({ Effect }) => Effect === 'Allow')) {
    return 'allowed';
  }
  return 'denied by nobody allowing it';
}

/**
 * Whether the evaluator knows all of a statement: asked before anything is evaluated, since a
 * statement that does not concern a request is not looked at any further.
 *
 * @throws Error for an element or an operator that it does not know
 */
export function checkStatement(statement: Statement): void {
  const unknown = Object.keys(statement).filter((name) => !KNOWN_ELEMENTS.includes(name));
  if (unknown.length > 0) {
    throw new Error(`Unknown elements of a statement: ${unknown}`);
  }
  for (const operator of Object.keys(statement.Condition ?? {})) {
    if (!(withoutForAll(operator) in OPERATORS)) {
      throw new Error(`Unknown operator of a condition: ${operator}`);
    }
  }
}

const KNOWN_ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

function applies(
  statement: Statement,
  request: PolicyRequest,
  write: (value: unknown) => string,
): boolean {
  checkStatement(statement);
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

/** `*` and `{"AWS": "*"}` mean everybody. */
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
      throw new Error(`Unknown kind of principal: ${kind}`);
    }),
  );
}

const FOR_ALL = 'ForAllValues:';

const withoutForAll = (operator: string): string =>
  operator.startsWith(FOR_ALL) ? operator.slice(FOR_ALL.length) : operator;

type Operator = (actual: string, values: readonly string[]) => boolean;

const isLikeOne: Operator = (actual, values) => values.some((pattern) => isLike(actual, pattern));

/** ARNs: the two operators are the same to IAM, and both know wildcards. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (actual, values) => values.includes(actual),
  Bool: (actual, values) => values.some((value) => value.toLowerCase() === actual.toLowerCase()),
  StringLike: isLikeOne,
  ArnEquals: isLikeOne,
  ArnLike: isLikeOne,
};

/**
 * A key that the request does not carry makes a condition fail, but for one about all values, of
 * which there are none.
 */
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  if (actual === undefined) {
    return operator.startsWith(FOR_ALL);
  }
  return OPERATORS[withoutForAll(operator)]?.(actual, values) ?? false;
}

/** Whether an action is one of those that a pattern means; IAM does not look at their case. */
export function isAction(action: string, pattern: string): boolean {
  return isLike(action.toLowerCase(), pattern.toLowerCase());
}

/** Whether a text is one of those that a pattern with `*` and `?` means. */
export function isLike(text: string, pattern: string): boolean {
  if (!/[*?]/.test(pattern)) {
    return text === pattern;
  }
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
