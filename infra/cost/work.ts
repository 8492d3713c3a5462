import type { Line } from './bill.ts';
import { PRICES } from './prices.ts';

/**
 * What a million repetitions of a piece of work use in AWS. Durations `Ms` are of a warm function
 * with `gb` memory.
 */
export type Work = {
  readonly requests: number;
  /** Invocations, and their total GB-seconds. */
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly reads: number;
  readonly writes: number;
  readonly events: number;
  /** Calls of SQS: a send, a receive and a delete for each message, fewer in batches. */
  readonly queueCalls: number;
  readonly fifoCalls: number;
  readonly logKb: number;
  readonly archivedKb: number;
};

/** What takes nothing; each piece of work says what it takes beside that. */
export const NO_WORK: Work = {
  requests: 0,
  invocations: 0,
  gbSeconds: 0,
  reads: 0,
  writes: 0,
  events: 0,
  queueCalls: 0,
  fifoCalls: 0,
  logKb: 0,
  archivedKb: 0,
};

const MILLION = 1e6;

/** The cost of a million repetitions. */
export function workLines(work: Work): Line[] {
  const lines: Line[] = [
    each('API Gateway', work.requests, 'requests', PRICES.apiMillion),
    each('Lambda, invocations', work.invocations, 'invocations', PRICES.lambdaMillion),
    each('Lambda, time', work.gbSeconds, 'GB seconds', PRICES.lambdaGbSecond * MILLION),
    each('DynamoDB, writes', work.writes, 'units', PRICES.writeMillion),
    each('DynamoDB, reads', work.reads, 'units', PRICES.readMillion),
    each('EventBridge', work.events, 'events', PRICES.eventMillion),
    each('SQS', work.queueCalls, 'calls', PRICES.queueMillion),
    each('SQS, FIFO', work.fifoCalls, 'calls', PRICES.fifoQueueMillion),
    each('logs', work.logKb, 'KB', PRICES.logGb),
    each('the archive', work.archivedKb, 'KB', PRICES.archiveGb),
  ];
  return lines.filter(({ dollars }) => dollars > 0);
}

/** A KB for each of a million is a GB. */
function each(what: string, perPiece: number, noun: string, dollarsAMillion: number): Line {
  return {
    what,
    quantity: `${Number(perPiece.toFixed(4))} ${noun} each`,
    dollars: perPiece * dollarsAMillion,
  };
}
