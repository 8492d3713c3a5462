import { connect, createServer, type Server, type Socket } from 'node:net';
import { createClusterSession, type Verdict } from './cluster-session.ts';
import {
  type Command,
  createCommandReader,
  createReplyReader,
  encodeReply,
  isPush,
} from './resp.ts';

/** Where the reply to a command comes from, in the order of the commands. */
type PendingReply =
  | { from: 'engine' }
  /** The reply of the engine if it is a refusal, else `reply`. */
  | { from: 'engine or here'; reply: Buffer }
  /**
   * The engine opens a transaction to check `command` in; `reply` is sent if the user may run it.
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
  /** The port of the engine on the same host. */
  enginePort: number;
};

/**
 * Listens on `port` and makes the engine behind it look like a cluster of one node. Each client has
 * its own connection to the engine.
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
  const pending = createReplyQueue();
  let waiting: Command[] = [];
  client.setNoDelay(true);

  /** Forwards commands, up to one for which the engine has to open a transaction first. */
  const passOn = (): void => {
    const toEngine: Buffer[] = [];
    const commands = waiting;
    waiting = [];
    for (const [index, { args, raw }] of commands.entries()) {
      const step = stepOf(session.decide(args), raw);
      toEngine.push(...step.toEngine);
      pending.add(step.pendingReplies);
      if (pending.isOpening()) {
        waiting = commands.slice(index + 1);
        break;
      }
    }
    send(client, pending.takeOwn());
    send(engine, toEngine);
  };

  client.on('data', (chunk) => {
    waiting.push(...readCommands(chunk).filter(({ args }) => args.length > 0));
    if (!pending.isOpening()) {
      passOn();
    }
  });

  engine.on('data', (chunk) => {
    const toClient: Buffer[] = [];
    for (const reply of readReplies(chunk)) {
      const step = stepAfter(isPush(reply) ? undefined : pending.next(), reply);
      send(engine, step.toEngine);
      pending.addFirst(step.pendingReplies);
      toClient.push(...step.toClient, ...pending.takeOwn());
    }
    send(client, toClient);
    if (!pending.isOpening() && waiting.length > 0) {
      passOn();
    }
  });

  client.on('end', () => engine.end());
  closeTogether(client, engine);
}

/** The replies that a client waits for, in the order of its commands. */
function createReplyQueue() {
  const replies: PendingReply[] = [];
  return {
    add: (added: readonly PendingReply[]) => void replies.push(...added),
    addFirst: (added: readonly PendingReply[]) => void replies.unshift(...added),
    /** Removes the reply that the next message of the engine belongs to. */
    next: () => replies.shift(),
    /** Whether the last command waits for the engine to open a transaction. */
    isOpening: () => replies.at(-1)?.from === 'engine, opening',
    /** Removes the replies at the head that do not depend on the engine. */
    takeOwn(): Buffer[] {
      const own: Buffer[] = [];
      for (let first = replies[0]; first?.from === 'here'; first = replies[0]) {
        own.push(first.reply);
        replies.shift();
      }
      return own;
    },
  };
}

/** What to send to the engine, and the replies to expect after that. */
type Step = { readonly toEngine: Buffer[]; readonly pendingReplies: readonly PendingReply[] };

/** The step for a command, from the verdict of the session. */
function stepOf(verdict: Verdict, raw: Buffer): Step {
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

/** The step after a reply of the engine, and what the client gets of it. */
function stepAfter(
  pending: PendingReply | undefined,
  reply: Buffer,
): Step & { readonly toClient: Buffer[] } {
  const answer = (...toClient: Buffer[]) => ({ toClient, toEngine: [], pendingReplies: [] });
  switch (pending?.from) {
    case 'engine, dropped':
      return answer();
    case 'engine or here':
      return answer(isRefusal(reply) ? reply : pending.reply);
    case 'engine, opening': {
      if (isError(reply)) {
        // A user who may not open transactions gets the reply without a check.
        return answer(isUnknownUser(reply) ? reply : pending.reply);
      }
      return {
        toClient: [],
        toEngine: [pending.command, DISCARD],
        pendingReplies: [
          { from: 'engine or here', reply: pending.reply },
          { from: 'engine, dropped' },
        ],
      };
    }
    default:
      return answer(reply);
  }
}

const isError = (reply: Buffer): boolean => reply[0] === 0x2d;

/** Whether the engine answers that the connection has not logged in. */
const isUnknownUser = (reply: Buffer): boolean => reply.subarray(0, 8).equals(NO_AUTH);

/** Whether the engine answers that the user may not run the command. */
const isRefusal = (reply: Buffer): boolean =>
  isUnknownUser(reply) || reply.subarray(0, 8).equals(NO_PERMISSION);

/** Closes either connection when the other one closes, which an error does too. */
function closeTogether(client: Socket, engine: Socket): void {
  for (const socket of [client, engine]) {
    socket.on('error', () => {});
    socket.on('close', () => {
      client.destroy();
      engine.destroy();
    });
  }
}

function send(socket: Socket, parts: Buffer[]): void {
  if (parts.length > 0) {
    socket.write(Buffer.concat(parts));
  }
}
