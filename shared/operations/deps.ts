/** Writes a structured line of log. `about` names the group and project; it holds no token, secret or e-mail body. */
export type Log = {
  info(message: string, about: Readonly<Record<string, unknown>>): void;
  warn(message: string, about: Readonly<Record<string, unknown>>): void;
  error(message: string, about: Readonly<Record<string, unknown>>): void;
};

/** Counts something that happened, `value` times (1 unless given). */
export type Count = (
  name: string,
  dimensions?: Readonly<Record<string, string>>,
  value?: number,
) => void;

/** The time, ISO 8601 in UTC with milliseconds. */
export type Clock = () => string;
