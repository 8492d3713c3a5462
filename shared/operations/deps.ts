/**
 * Writes a structured line of log. `about` names the group and project; it holds no token, secret
 * or e-mail body.
 */
export type Log = {
  info(message: string, about: Readonly<Record<string, unknown>>): void;
  warn(message: string, about: Readonly<Record<string, unknown>>): void;
  error(message: string, about: Readonly<Record<string, unknown>>): void;
};

/** What Lambda says about an invocation. */
export type Invocation = {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
};

/**
 * The log of a function. It runs one invocation at a time, so what it was told last is said in
 * every line.
 */
export type FunctionLog = Log & {
  /**
   * Begins an invocation: from now on lines name it, its trace, whether it was a cold start, and
   * `about`.
   */
  begin(invocation: Invocation, about?: Readonly<Record<string, unknown>>): void;
};

/** Counts something that happened, `value` times (1 unless given). */
export type Count = (
  name: string,
  dimensions?: Readonly<Record<string, string>>,
  value?: number,
) => void;

/** The time, ISO 8601 in UTC with milliseconds. */
export type Clock = () => string;

/** How long a worker that walks many rows may go on. */
export type CascadeTime = {
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
  /** Milliseconds between two walks of the index, which shows what was written a moment later. */
  readonly pauseMs: number;
};
