import { connect, createServer, type Server, type Socket } from 'node:net';
import { createClusterSession, type Verdict } from './cluster-session.ts';
import {
  type Command,
  createCommandReader,
  createReplyReader,
  encodeReply,
  isPush,
} from './resp.ts';

/** Who answers a command, in the order of the commands. */
type PendingReply =
  | { from: 'engine' }
  /** The engine, if it refuses; else this. */
  | { from: 'engine or here'; reply: Buffer }
  /**
   * The engine opens the transaction in which it is asked about a command; `reply` is for the
   * client if it may.
   */
  | { from: 'engine, opening'; command: Buffer; reply: Buffer }
  | { from: 'engine, dropped' }
  | { from: 'here'; reply: Buffer };

const MULTI = encodeReply(['MULTI']);
const DISCARD = encodeReply(['DISCARD']);
const NO_AUTH = Buffer.from('-NOAUTH ');
const NO_PERMISSION = Buffer.from('-NOPERM ');

type ProxyOptions = {
  host: string;
  port: number;
  /** The port of the engine, on the same host. */
  enginePort: number;
};

/**
 * Listens on `port` and makes the engine behind it look like a cluster of one node. One engine
 * connection per client.
 */
export function startClusterProxy(options: ProxyOptions): Server {
  const server = createServer((client) => serve(client, options));
  return server.listen(options.port, options.host);
}

function serve(client: Socket, { host, port, enginePort }: ProxyOptions): void {
  const engine = connect({ host, port: enginePort, noDelay: true });
  const session = createClusterSession({ host, port });
  const readCommands = createCommandReader();
  const readReplies = createReplyReader();
  const pendingReplies: PendingReply[] = [];
  let waiting: Command[] = [];
  client.setNoDelay(true);

  /** The replies at the head of the queue that need no word from the engine. */
  const ownReplies = (): Buffer[] => {
    const replies: Buffer[] = [];
    for (let pending = pendingReplies[0]; pending?.from === 'here'; pending = pendingReplies[0]) {
      replies.push(pending.reply);
      pendingReplies.shift();
    }
    return replies;
  };

  /** Passes commands on, up to one whose fate depends on what the engine says first. */
  const passOn = (): void => {
    const toEngine: Buffer[] = [];
    const commands = waiting;
    waiting = [];
    for (const [index, { args, raw }] of commands.entries()) {
      const step = stepOf(session.judge(args), raw);
      toEngine.push(...step.toEngine);
      pendingReplies.push(...step.pendingReplies);
      if (pendingReplies.at(-1)?.from === 'engine, opening') {
        waiting = commands.slice(index + 1);
        break;
      }
    }
    send(client, ownReplies());
    send(engine, toEngine);
  };

  /** What the client hears of a reply of the engine. */
  const heard = (reply: Buffer): Buffer[] => {
    const pending = isPush(reply) ? undefined : pendingReplies.shift();
    switch (pending?.from) {
      case 'engine, dropped':
        return [];
      case 'engine or here':
        return [isRefusal(reply) ? reply : pending.reply];
      case 'engine, opening': {
        if (!isError(reply)) {
          send(engine, [pending.command, DISCARD]);
          pendingReplies.unshift(
            { from: 'engine or here', reply: pending.reply },
            { from: 'engine, dropped' },
          );
          return [];
        }
        // Who may not open transactions is told without being asked.
        return [isUnknownUser(reply) ? reply : pending.reply];
      }
      default:
        return [reply];
    }
  };

  client.on('data', (chunk) => {
    const isHeld = pendingReplies.at(-1)?.from === 'engine, opening';
    waiting.push(...readCommands(chunk).filter(({ args }) => args.length > 0));
    if (!isHeld) {
      passOn();
    }
  });

  engine.on('data', (chunk) => {
    const toClient: Buffer[] = [];
    for (const reply of readReplies(chunk)) {
      toClient.push(...heard(reply), ...ownReplies());
    }
    send(client, toClient);
    if (pendingReplies.at(-1)?.from !== 'engine, opening' && waiting.length > 0) {
      passOn();
    }
  });

  client.on('end', () => engine.end());
  for (const [socket, other] of [
    [client, engine],
    [engine, client],
  ] as const) {
    socket.on('error', () => {});
    socket.on('close', () => other.destroy());
  }
}

/** What a verdict means for the engine, and who answers then. */
function stepOf(
  verdict: Verdict,
  raw: Buffer,
): { toEngine: Buffer[]; pendingReplies: PendingReply[] } {
  switch (verdict.kind) {
    case 'forward':
      return { toEngine: [raw], pendingReplies: [{ from: 'engine' }] };
    case 'stream':
      return { toEngine: [raw], pendingReplies: [] };
    case 'reply':
      return { toEngine: [], pendingReplies: [{ from: 'here', reply: verdict.reply }] };
    case 'ask':
      return {
        toEngine: [verdict.question ?? raw],
        pendingReplies: [{ from: 'engine or here', reply: verdict.reply }],
      };
    case 'ask in transaction':
      return {
        toEngine: [MULTI],
        pendingReplies: [{ from: 'engine, opening', command: raw, reply: verdict.reply }],
      };
  }
}

const isError = (reply: Buffer): boolean => reply[0] === 0x2d;

/** Whether the engine says that nobody has logged in. */
const isUnknownUser = (reply: Buffer): boolean => reply.subarray(0, 8).equals(NO_AUTH);

/** Whether the engine says that this user may not do this. */
const isRefusal = (reply: Buffer): boolean =>
  isUnknownUser(reply) || reply.subarray(0, 8).equals(NO_PERMISSION);

function send(socket: Socket, parts: Buffer[]): void {
  if (parts.length > 0) {
    socket.write(Buffer.concat(parts));
  }
}
