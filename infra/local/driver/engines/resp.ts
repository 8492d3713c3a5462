/**
 * The part of the Redis protocol that the proxy needs: where commands and replies end, and how
 * replies are written.
 */

const CR = 0x0d;
const ASTERISK = 0x2a;

/** A command that a client sent. */
export type Command = {
  /** The name and its arguments; empty for an empty line. */
  args: Buffer[];
  /** Its bytes, which are forwarded unchanged. */
  raw: Buffer;
};

type Parsed<T> = { value: T; end: number } | undefined;

/**
 * Splits a stream of bytes into the parts that `parse` finds. An incomplete part is kept until the
 * next chunk.
 */
function createCutter<T>(parse: (bytes: Buffer, at: number) => Parsed<T>) {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): T[] => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const found: T[] = [];
    let at = 0;
    for (let next = parse(bytes, at); next; next = parse(bytes, at)) {
      found.push(next.value);
      at = next.end;
    }
    rest = bytes.subarray(at);
    return found;
  };
}

/** Returns a function that takes chunks of a client and returns the complete commands. */
export const createCommandReader = () => createCutter<Command>(parseCommand);

/** Returns a function that takes chunks of a server and returns the complete replies, as bytes. */
export const createReplyReader = () =>
  createCutter<Buffer>((bytes, at) => {
    const end = endOfReply(bytes, at);
    return end === undefined ? undefined : { value: bytes.subarray(at, end), end };
  });

/** The line at `at` without its line break, and the offset of the next one. */
function lineAt(bytes: Buffer, at: number): Parsed<string> {
  const cr = bytes.indexOf(CR, at);
  if (cr < 0 || cr + 1 >= bytes.length) {
    return undefined;
  }
  return { value: bytes.toString('latin1', at, cr), end: cr + 2 };
}

function parseCommand(bytes: Buffer, at: number): Parsed<Command> {
  if (at >= bytes.length) {
    return undefined;
  }
  if (bytes[at] !== ASTERISK) {
    return parseInlineCommand(bytes, at);
  }
  const header = lineAt(bytes, at);
  if (!header) {
    return undefined;
  }
  const args: Buffer[] = [];
  let end = header.end;
  for (let left = Number(header.value.slice(1)); left > 0; left -= 1) {
    const size = lineAt(bytes, end);
    if (!size) {
      return undefined;
    }
    const argumentEnd = size.end + Number(size.value.slice(1));
    if (argumentEnd + 2 > bytes.length) {
      return undefined;
    }
    args.push(bytes.subarray(size.end, argumentEnd));
    end = argumentEnd + 2;
  }
  return { value: { args, raw: bytes.subarray(at, end) }, end };
}

/** An inline command, as typed into `nc`: words on one line, which may end in a bare newline. */
function parseInlineCommand(bytes: Buffer, at: number): Parsed<Command> {
  const newline = bytes.indexOf('\n', at);
  if (newline < 0) {
    return undefined;
  }
  const raw = bytes.subarray(at, newline + 1);
  const words = raw.toString().trim().split(/\s+/).filter(Boolean);
  return { value: { args: words.map((word) => Buffer.from(word)), raw }, end: newline + 1 };
}

/** The offset after the reply at `at`, in RESP2 or RESP3; undefined if it is incomplete. */
function endOfReply(bytes: Buffer, at: number): number | undefined {
  const header = lineAt(bytes, at);
  if (!header) {
    return undefined;
  }
  const size = Number(header.value.slice(1));
  switch (header.value[0]) {
    case '$':
    case '!':
    case '=': {
      const end = size < 0 ? header.end : header.end + size + 2;
      return end <= bytes.length ? end : undefined;
    }
    case '*':
    case '~':
    case '>':
      return endOfReplies(bytes, header.end, size);
    case '%':
      return endOfReplies(bytes, header.end, size * 2);
    case '|':
      // Attributes precede the reply that they belong to.
      return endOfReplies(bytes, header.end, size * 2 + 1);
    default:
      return header.end;
  }
}

function endOfReplies(bytes: Buffer, at: number, count: number): number | undefined {
  let end: number | undefined = at;
  for (let left = count; left > 0 && end !== undefined; left -= 1) {
    end = endOfReply(bytes, end);
  }
  return end;
}

/** Whether a message is a push of the server, which replies to no command. */
export const isPush = (reply: Buffer): boolean => reply[0] === 0x3e;

/** The value of a reply. Strings become bulk strings. */
export type ReplyValue = string | number | readonly ReplyValue[];

/** Encodes a reply. */
export function encodeReply(value: ReplyValue): Buffer {
  return Buffer.from(encoded(value));
}

function encoded(value: ReplyValue): string {
  if (typeof value === 'number') {
    return `:${value}\r\n`;
  }
  if (typeof value === 'string') {
    return `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
  }
  return `*${value.length}\r\n${value.map(encoded).join('')}`;
}

/** The reply `OK`. */
export const OK_REPLY = Buffer.from('+OK\r\n');

/** Encodes an error; `message` begins with its code in capitals, as in `ERR unknown command`. */
export const encodeError = (message: string): Buffer => Buffer.from(`-${message}\r\n`);
