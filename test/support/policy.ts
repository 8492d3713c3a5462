/**
 * A small evaluator of IAM policy documents, for what the templates say about who may do what to a
 * resource.
 */

/** A statement whose references are written out, as `render` of the template tests writes them. */
export type Statement = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Somebody's call, with what AWS adds to it. */
export type PolicyRequest = {
  /** `service:cloudwatch.amazonaws.com`, or the ARN of an account's root. */
  readonly principal: string;
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

function applies(
  statement: Statement,
  request: PolicyRequest,
  write: (value: unknown) => string,
): boolean {
  const known = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];
  const unknown = Object.keys(statement).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`Unknown elements of a statement: ${unknown}`);
  }
  const { Principal, Action, Resource, Condition = {} } = statement;
  return (
    (Principal === undefined || principalsOf(Principal, write).some(is(request.principal))) &&
    listOf(Action).some((pattern) => isLike(request.action, write(pattern))) &&
    listOf(Resource).some((pattern) => isLike(request.resource, write(pattern))) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) =>
        holds(operator, request.context[key], listOf(values).map(write)),
      ),
    )
  );
}

const is = (principal: string) => (candidate: string) =>
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

/**
 * A key that the request does not carry makes a condition fail, but for one about all values, of
 * which there are none.
 */
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  if (actual === undefined) {
    return operator.startsWith(FOR_ALL);
  }
  if (operator.startsWith(FOR_ALL)) {
    return holds(operator.slice(FOR_ALL.length), actual, values);
  }
  switch (operator) {
    case 'StringEquals':
      return values.includes(actual);
    case 'Bool':
      return values.some((value) => value.toLowerCase() === actual.toLowerCase());
    case 'StringLike':
    // ARNs: the two operators are the same to IAM, and both know wildcards.
    case 'ArnEquals':
    case 'ArnLike':
      return values.some((pattern) => isLike(actual, pattern));
    default:
      throw new Error(`Unknown operator of a condition: ${operator}`);
  }
}

function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is').test(text);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
