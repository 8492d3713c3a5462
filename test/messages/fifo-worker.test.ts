import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { localBackoff } from '../../shared/domain/sync/backoff.ts';
import { fifoWorker } from '../../shared/messages/fifo-worker.ts';
import { createHideMessage } from '../../shared/messages/hide-message.ts';
import { bySchema } from '../../shared/messages/read-message.ts';
import type { WorkOutcome } from '../../shared/operations/sync/record-failure.ts';
import { surroundings } from '../support/operations.ts';

type Body = { readonly n: number };

/** A worker whose work on message n ends as `outcomes[n]` says; a string is thrown. */
function workerOf(outcomes: readonly (WorkOutcome | string)[]) {
  const hidden: { handle: string; seconds: number }[] = [];
  const dead: string[] = [];
  const seen: { n: number; receives: number; hasTime: boolean }[] = [];
  const client = {
    async send(command: ChangeMessageVisibilityCommand) {
      expect(command).toBeInstanceOf(ChangeMessageVisibilityCommand);
      const { ReceiptHandle: handle = '', VisibilityTimeout: seconds = -1 } = command.input;
      hidden.push({ handle, seconds });
    },
  } as unknown as SQSClient;
  const work = fifoWorker(
    {
      ...surroundings(),
      hide: createHideMessage(client, 'queue'),
      backoff: localBackoff,
      random: () => 0,
      bury: async ({ body }) => void dead.push(body),
    },
    bySchema<Body>(v.object({ n: v.number() })),
    async ({ body, receives, hasTime }) => {
      seen.push({ n: body.n, receives, hasTime: hasTime() });
      const outcome = outcomes[body.n];
      if (typeof outcome !== 'object') {
        throw new Error(outcome);
      }
      return outcome;
    },
  );
  const run = async (records: readonly Partial<SQSRecord>[], remainingMs = 60_000) => {
    const context = { getRemainingTimeInMillis: () => remainingMs } as Context;
    const { batchItemFailures } = await work({ Records: records as SQSRecord[] }, context);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { run, hidden, dead, seen };
}

function message(
  n: number,
  { messageGroupId = `group-${n}`, receives = 0, body = JSON.stringify({ n }) } = {},
) {
  const attributes = {
    ApproximateReceiveCount: String(receives + 1),
    MessageGroupId: messageGroupId,
  };
  return { messageId: `m${n}`, receiptHandle: `r${n}`, body, attributes } as Partial<SQSRecord>;
}

const done: WorkOutcome = { kind: 'done' };

describe('a message of a FIFO queue', () => {
  it('that is done goes', async () => {
    const worker = workerOf([done]);
    expect(await worker.run([message(0, { receives: 3 })])).toEqual([]);
    expect(worker.seen).toEqual([{ n: 0, receives: 3, hasTime: true }]);
  });

  it.each([
    ['the time that its worker says', 2_500, 3],
    ['no time', 0, 0],
    ['as much less than twelve hours as a worker may have taken', 10 ** 9, 42_300],
  ])('that comes again is hidden for %s', async (_, delayMs, seconds) => {
    const worker = workerOf([{ kind: 'later', delayMs }]);
    expect(await worker.run([message(0)])).toEqual(['m0']);
    expect(worker.hidden).toEqual([{ handle: 'r0', seconds }]);
  });

  it('whose worker fails comes again, later each time', async () => {
    const worker = workerOf(['no table']);
    await worker.run([message(0)]);
    await worker.run([message(0, { receives: 1 })]);
    await worker.run([message(0, { receives: 9 })]);
    expect(worker.hidden.map(({ seconds }) => seconds)).toEqual([1, 2, 4]);
    expect(worker.dead).toEqual([]);
  });

  it('that is hopeless is left with the dead letters and goes', async () => {
    const worker = workerOf([{ kind: 'dead', reason: 'enough' }]);
    expect(await worker.run([message(0)])).toEqual([]);
    expect(worker.dead).toEqual(['{"n":0}']);
  });

  it.each(['', '{', 'null', '7', '[]', '{}', '{"n":"0"}', `${'['.repeat(100_000)}`])(
    'that can never be read is left with the dead letters at once, and its group goes on: %s',
    async (body) => {
      const worker = workerOf([done]);
      const records = [
        message(1, { messageGroupId: 'a', body }),
        message(0, { messageGroupId: 'a' }),
      ];
      expect(await worker.run(records)).toEqual([]);
      expect(worker.dead).toEqual([body]);
      expect(worker.hidden).toEqual([]);
      expect(worker.seen.map(({ n }) => n)).toEqual([0]);
    },
  );

  it('holds up those behind it in its group, and no others', async () => {
    const worker = workerOf([{ kind: 'later', delayMs: 1_000 }, done, done]);
    const records = [
      message(0, { messageGroupId: 'a' }),
      message(1, { messageGroupId: 'a' }),
      message(2, { messageGroupId: 'b' }),
    ];
    expect(await worker.run(records)).toEqual(['m0', 'm1']);
    expect(worker.seen.map(({ n }) => n)).toEqual([0, 2]);
  });

  it('is told when the time is too short to ask a tracker', async () => {
    const worker = workerOf([done]);
    await worker.run([message(0)], 14_000);
    expect(worker.seen[0]?.hasTime).toBe(false);
  });
});
