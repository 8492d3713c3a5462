import { type KeysOf, slotOf } from './command-keys.ts';
import { encodeError, encodeReply, OK_REPLY, type ReplyValue } from './resp.ts';

const NODE_ID = 'ba700000000000000000000000000000000ba700';
const LAST_SLOT = 16_383;
const CROSS_SLOT = encodeError("CROSSSLOT Keys in request don't hash to the same slot");
const EXEC_ABORT = encodeError('EXECABORT Transaction discarded because of previous errors.');
/** After these a connection receives messages that answer no command of its own. */
const STREAMING = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'MONITOR']);

/** What becomes of a command. */
export type Verdict =
  | { kind: 'forward' }
  /** Answered here; the engine never sees it. */
  | { kind: 'reply'; reply: Buffer }
  /** The engine drops its open transaction, and the client is told this. */
  | { kind: 'discard'; reply: Buffer }
  /** From here on everything passes through as it comes. */
  | { kind: 'stream' };

const FORWARD: Verdict = { kind: 'forward' };

/**
 * The manners of a cluster for one connection to an engine that is none: it answers the questions about the cluster
 * as a node that holds all slots, and refuses keys of two slots where a cluster does: in one command, in one script,
 * in one transaction. It cannot see which keys a script uses without having declared them; a real server can.
 */
export function createClusterSession({
  keysOf,
  host,
  port,
}: {
  keysOf: KeysOf;
  host: string;
  port: number;
}) {
  let streaming = false;
  let transaction: { slots: Set<number>; broken: boolean } | undefined;

  const queue = (open: NonNullable<typeof transaction>, slots: Set<number>): Verdict => {
    if (slots.size > 1) {
      open.broken = true;
      return { kind: 'reply', reply: CROSS_SLOT };
    }
    for (const slot of slots) open.slots.add(slot);
    return FORWARD;
  };

  const finish = (open: NonNullable<typeof transaction>, isExec: boolean): Verdict => {
    transaction = undefined;
    if (isExec && open.broken) return { kind: 'discard', reply: EXEC_ABORT };
    if (isExec && open.slots.size > 1) return { kind: 'discard', reply: CROSS_SLOT };
    return FORWARD;
  };

  return {
    /** @param args the command's name and arguments */
    judge(args: readonly Buffer[]): Verdict {
      const name = String(args[0]).toUpperCase();
      streaming ||= STREAMING.has(name);
      if (streaming) return { kind: 'stream' };
      const slots = new Set(keysOf(args).map(slotOf));
      if (transaction) {
        if (name === 'EXEC' || name === 'DISCARD') return finish(transaction, name === 'EXEC');
        return queue(transaction, slots);
      }
      if (slots.size > 1) return { kind: 'reply', reply: CROSS_SLOT };
      if (name === 'MULTI') transaction = { slots: new Set(), broken: false };
      const reply = ownReply(name, args, { host, port });
      return reply ? { kind: 'reply', reply } : FORWARD;
    },
  };
}

function ownReply(
  name: string,
  args: readonly Buffer[],
  node: { host: string; port: number },
): Buffer | undefined {
  const subcommand = String(args[1]).toUpperCase();
  if (name === 'CLUSTER') return clusterReply(subcommand, args, node);
  if (name === 'READONLY' || name === 'READWRITE' || name === 'ASKING') return OK_REPLY;
  if (name === 'SELECT' && subcommand !== '0') {
    return encodeError('ERR SELECT is not allowed in cluster mode');
  }
  // A command without an answer would leave us waiting for one.
  if (name === 'CLIENT' && subcommand === 'REPLY') {
    return encodeError('ERR CLIENT REPLY is not supported by this cache');
  }
  return undefined;
}

function clusterReply(
  subcommand: string,
  args: readonly Buffer[],
  { host, port }: { host: string; port: number },
): Buffer {
  const replies: Record<string, () => ReplyValue> = {
    SLOTS: () => [[0, LAST_SLOT, [host, port, NODE_ID, []]]],
    SHARDS: () => [['slots', [0, LAST_SLOT], 'nodes', [shardNode(host, port)]]],
    NODES: () => `${NODE_ID} ${host}:${port}@0 myself,master - 0 0 1 connected 0-${LAST_SLOT}\n`,
    INFO: () =>
      `${[
        'cluster_enabled:1',
        'cluster_state:ok',
        `cluster_slots_assigned:${LAST_SLOT + 1}`,
        `cluster_slots_ok:${LAST_SLOT + 1}`,
        'cluster_slots_pfail:0',
        'cluster_slots_fail:0',
        'cluster_known_nodes:1',
        'cluster_size:1',
        'cluster_current_epoch:1',
        'cluster_my_epoch:1',
      ].join('\r\n')}\r\n`,
    MYID: () => NODE_ID,
    KEYSLOT: () => slotOf(args[2] ?? Buffer.alloc(0)),
  };
  const reply = replies[subcommand];
  return reply
    ? encodeReply(reply())
    : encodeError(`ERR CLUSTER ${subcommand} is not supported by this cache`);
}

function shardNode(host: string, port: number): ReplyValue {
  const fields: Record<string, string | number> = {
    id: NODE_ID,
    port,
    ip: host,
    endpoint: host,
    role: 'master',
    'replication-offset': 0,
    health: 'online',
  };
  return Object.entries(fields).flat();
}
