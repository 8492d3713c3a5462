import { keysOf, slotOf } from './command-keys.ts';
import { encodeError, encodeReply, OK_REPLY, type ReplyValue } from './resp.ts';

const NODE_ID = 'ba700000000000000000000000000000000ba700';
const LAST_SLOT = 16_383;
const CROSS_SLOT = encodeError("CROSSSLOT Keys in request don't hash to the same slot");
const EXEC_ABORT = encodeError('EXECABORT Transaction discarded because of previous errors.');
/** After these commands a connection receives messages that are not replies. */
const STREAMING = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'MONITOR']);

/**
 * How a command is answered. Before the proxy answers a command itself, the engine checks the
 * rights of the user with a harmless command that needs the same right.
 */
export type Verdict =
  | { kind: 'forward' }
  /**
   * The engine gets `question`, or the command itself. Unless it refuses that, the client gets
   * `reply`.
   */
  | { kind: 'ask'; reply: Buffer; question?: Buffer }
  /** As `ask`, for a command that has effects: it is checked in a transaction that is discarded. */
  | { kind: 'ask in transaction'; reply: Buffer }
  /** Answered without a check, for lack of a harmless command. */
  | { kind: 'reply'; reply: Buffer }
  /** The connection streams: everything from now on is forwarded unchanged. */
  | { kind: 'stream' };

const FORWARD: Verdict = { kind: 'forward' };
const DISCARD = encodeReply(['DISCARD']);

/**
 * Makes one connection to a standalone engine behave like one to a cluster: answers questions about
 * the cluster as a node with all slots, and refuses keys of two slots in one command, script or
 * transaction. Keys that a script uses without declaring them are not checked; a cluster refuses
 * those too.
 */
export function createClusterSession({ host, port }: { host: string; port: number }) {
  let streaming = false;
  /** DISCARD would remove the watches, so it must not be used for a check. */
  let watching = false;
  let transaction: { slots: Set<number>; broken: boolean } | undefined;

  const queue = (open: NonNullable<typeof transaction>, slots: Set<number>): Verdict => {
    if (slots.size > 1) {
      open.broken = true;
      // The engine queues it, and discards it with the transaction.
      return { kind: 'ask', reply: CROSS_SLOT };
    }
    for (const slot of slots) {
      open.slots.add(slot);
    }
    return FORWARD;
  };

  const finish = (open: NonNullable<typeof transaction>, isExec: boolean): Verdict => {
    transaction = undefined;
    watching = false;
    if (isExec && open.broken) {
      return { kind: 'ask', question: DISCARD, reply: EXEC_ABORT };
    }
    if (isExec && open.slots.size > 1) {
      return { kind: 'ask', question: DISCARD, reply: CROSS_SLOT };
    }
    return FORWARD;
  };

  const decideInTransaction = (
    open: NonNullable<typeof transaction>,
    name: string,
    slots: Set<number>,
  ): Verdict =>
    name === 'EXEC' || name === 'DISCARD' ? finish(open, name === 'EXEC') : queue(open, slots);

  const decideAlone = (name: string, args: readonly Buffer[], slots: Set<number>): Verdict => {
    if (slots.size > 1) {
      return { kind: watching ? 'reply' : 'ask in transaction', reply: CROSS_SLOT };
    }
    watching = name === 'WATCH' || (watching && name !== 'UNWATCH');
    if (name === 'MULTI') {
      transaction = { slots: new Set(), broken: false };
    }
    return ownAnswer(name, args, { host, port });
  };

  return {
    /**
     * Decides how a command is answered.
     *
     * @param args the name of the command and its arguments
     */
    decide(args: readonly Buffer[]): Verdict {
      const name = String(args[0]).toUpperCase();
      streaming ||= STREAMING.has(name);
      if (streaming) {
        return { kind: 'stream' };
      }
      const slots = new Set(keysOf(args).map(slotOf));
      return transaction
        ? decideInTransaction(transaction, name, slots)
        : decideAlone(name, args, slots);
    },
  };
}

/** A standalone engine answers these commands with an error, or differently from a cluster. */
function ownAnswer(
  name: string,
  args: readonly Buffer[],
  node: { host: string; port: number },
): Verdict {
  const subcommand = String(args[1]).toUpperCase();
  if (name === 'CLUSTER') {
    return { kind: 'ask', reply: clusterReply(subcommand, args, node) };
  }
  if (name === 'READONLY' || name === 'READWRITE' || name === 'ASKING') {
    return { kind: 'ask', reply: OK_REPLY };
  }
  if (name === 'SELECT' && subcommand !== '0') {
    const reply = encodeError('ERR SELECT is not allowed in cluster mode');
    return { kind: 'ask', question: encodeReply(['SELECT', '0']), reply };
  }
  // The proxy would wait for the reply to a command that has none.
  if (name === 'CLIENT' && subcommand === 'REPLY') {
    const reply = encodeError('ERR CLIENT REPLY is not supported by this cache');
    return { kind: 'ask', question: encodeReply(['CLIENT', 'REPLY', 'ON']), reply };
  }
  return FORWARD;
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
