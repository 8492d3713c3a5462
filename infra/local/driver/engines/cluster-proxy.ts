import { connect, createServer, type Server, type Socket } from 'node:net';
import { createClusterSession, type Verdict } from './cluster-session.ts';
import type { KeysOf } from './command-keys.ts';
import { createCommandReader, createReplyReader, encodeReply, isPush } from './resp.ts';

/** Whose turn it is to answer, in the order of the commands. */
type Turn = { from: 'engine' } | { from: 'engine, dropped' } | { from: 'here'; reply: Buffer };

const DISCARD = encodeReply(['DISCARD']);

type ProxyOptions = {
  host: string;
  port: number;
  /** The port of the engine, on the same host. */
  enginePort: number;
  keysOf: KeysOf;
};

/** Listens on `port` and makes the engine behind it look like a cluster of one node. One engine connection per client. */
export function startClusterProxy(options: ProxyOptions): Server {
  const server = createServer((client) => serve(client, options));
  return server.listen(options.port, options.host);
}

function serve(client: Socket, { host, port, enginePort, keysOf }: ProxyOptions): void {
  const engine = connect({ host, port: enginePort, noDelay: true });
  const session = createClusterSession({ keysOf, host, port });
  const readCommands = createCommandReader();
  const readReplies = createReplyReader();
  const turns: Turn[] = [];
  client.setNoDelay(true);

  /** The replies at the head of the queue that need no word from the engine. */
  const ownTurns = (): Buffer[] => {
    const replies: Buffer[] = [];
    for (let turn = turns[0]; turn?.from === 'here'; turn = turns[0]) {
      replies.push(turn.reply);
      turns.shift();
    }
    return replies;
  };

  client.on('data', (chunk) => {
    const commands = readCommands(chunk).filter(({ args }) => args.length > 0);
    const steps = commands.map(({ args, raw }) => stepsOf(session.judge(args), raw));
    turns.push(...steps.flatMap((step) => step.turns));
    send(client, ownTurns());
    send(
      engine,
      steps.flatMap((step) => step.toEngine),
    );
  });

  engine.on('data', (chunk) => {
    const toClient: Buffer[] = [];
    for (const reply of readReplies(chunk)) {
      const turn = isPush(reply) ? undefined : turns.shift();
      if (turn?.from !== 'engine, dropped') toClient.push(reply);
      toClient.push(...ownTurns());
    }
    send(client, toClient);
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
function stepsOf(verdict: Verdict, raw: Buffer): { toEngine: Buffer[]; turns: Turn[] } {
  switch (verdict.kind) {
    case 'forward':
      return { toEngine: [raw], turns: [{ from: 'engine' }] };
    case 'stream':
      return { toEngine: [raw], turns: [] };
    case 'reply':
      return { toEngine: [], turns: [{ from: 'here', reply: verdict.reply }] };
    case 'discard':
      return {
        toEngine: [DISCARD],
        turns: [{ from: 'engine, dropped' }, { from: 'here', reply: verdict.reply }],
      };
  }
}

function send(socket: Socket, parts: Buffer[]): void {
  if (parts.length > 0) socket.write(Buffer.concat(parts));
}
