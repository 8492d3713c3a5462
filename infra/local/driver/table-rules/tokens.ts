/** An error in an expression, with the message of DynamoDB. */
export class ExpressionError extends Error {}

/** A token of an expression. */
export type Token = {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'sign' | 'end';
  readonly text: string;
};

const END: Token = { kind: 'end', text: '<EOF>' };
const TOKEN =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<number>[0-9]+)|(?<sign><=|>=|<>|[=<>+\-(),.[\]]))/y;

/** The change of the number of open brackets by a token. */
const DEPTH_CHANGES: Readonly<Record<string, number>> = { '(': 1, ')': -1 };

/** Reads an expression token by token. */
export type Reader = ReturnType<typeof readTokens>;

/**
 * Splits an expression into tokens.
 *
 * @throws ExpressionError for a character that no expression may contain
 */
export function readTokens(expression: string) {
  const tokens = tokensOf(expression);
  let next = 0;

  const peek = (ahead = 0): Token => tokens[next + ahead] ?? END;
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const isSign = (text: string, ahead = 0) =>
    peek(ahead).kind === 'sign' && peek(ahead).text === text;
  const isKeyword = (text: string) => peek().kind === 'word' && peek().text.toUpperCase() === text;
  const fail = (): never => {
    const near = [peek(-1), peek(), peek(1)].filter(({ kind }) => kind !== 'end');
    throw new ExpressionError(
      `Syntax error; token: "${peek().text}", near: "${near.map(({ text }) => text).join(' ')}"`,
    );
  };

  return {
    peek,
    take,
    isSign,
    isKeyword,
    fail,
    /** Skips the sign if it is next; returns whether it was. */
    skipSign(text: string): boolean {
      const found = isSign(text);
      next += found ? 1 : 0;
      return found;
    },
    /** Skips the keyword, in any case of letters, if it is next; returns whether it was. */
    skipKeyword(text: string): boolean {
      const found = isKeyword(text);
      next += found ? 1 : 0;
      return found;
    },
    /** Skips the sign, or fails with a syntax error. */
    expectSign(text: string): void {
      if (!isSign(text)) {
        fail();
      }
      next += 1;
    },
    /** Skips the keyword, or fails with a syntax error. */
    expectKeyword(text: string): void {
      if (!isKeyword(text)) {
        fail();
      }
      next += 1;
    },
    /** The number of tokens from the bracket that is next to its closing bracket. */
    closingBracket(): number {
      let depth = 0;
      for (let ahead = 0; peek(ahead).kind !== 'end'; ahead += 1) {
        depth += DEPTH_CHANGES[peek(ahead).text] ?? 0;
        if (depth === 0) {
          return ahead;
        }
      }
      return fail();
    },
  };
}

/** Programs send the same few expressions again and again. */
const known = new Map<string, readonly Token[]>();
const MAX_KNOWN = 1_000;

function tokensOf(expression: string): readonly Token[] {
  const tokens = known.get(expression) ?? tokenize(expression);
  if (known.size === MAX_KNOWN) {
    known.clear();
  }
  known.set(expression, tokens);
  return tokens;
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const [[kind, found] = []] = Object.entries(TOKEN.exec(text)?.groups ?? {}).filter(
      ([, group]) => group !== undefined,
    );
    if (kind === undefined || found === undefined) {
      const rest = text.slice(start).trimStart();
      throw new ExpressionError(
        `Syntax error; token: "${rest.slice(0, 1)}", near: "${rest.slice(0, 2)}"`,
      );
    }
    tokens.push({ kind: kind as Token['kind'], text: found });
  }
  return tokens;
}
