import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { consume, type Outcome } from '../../shared/messages/consume.ts';
import type { HideMessage } from '../../shared/messages/hide-message.ts';
import { bySchema } from '../../shared/messages/read-message.ts';
import { surroundings } from '../support/operations.ts';

type Body = { readonly n: number };

const record = (n: number, body = JSON.stringify({ n }), receives = 0) =>
  ({
    messageId: `m${n}`,
    receiptHandle: `r${n}`,
    body,
    attributes: { ApproximateReceiveCount: String(receives + 1) },
  }) as SQSRecord;

/**
 * A consumer of a standard queue whose work on message n ends as `outcomes[n]` says; an error is
 * thrown.
 */
function consumerOf(outcomes: readonly (Outcome | Error)[], reachesSqs = true) {
  const hidden: [string, number][] = [];
  const buried: string[] = [];
  const started: number[][] = [];
  const hide: HideMessage = async ({ receiptHandle }, delayMs) => {
    hidden.push([receiptHandle, delayMs]);
  };
  const around = surroundings();
  const handler = consume<Body>(
    { ...around, bury: reachesSqs ? async ({ body }) => void buried.push(body) : null },
    {
      queue: 'standard',
      read: bySchema(v.object({ n: v.number() })),
      describe: ({ n }) => ({ n }),
      hide,
      start(messages) {
        started.push(messages.map(({ body }) => body.n));
        return async ({ body }) => {
          const outcome = outcomes[body.n];
          if (outcome instanceof Error) {
            throw outcome;
          }
          return outcome ?? { kind: 'done' };
        };
      },
    },
  );
  const run = async (...Records: SQSRecord[]) => {
    const { batchItemFailures } = await handler({ Records } as SQSEvent, {} as Context);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { run, hidden, buried, started, telemetry: around.telemetry };
}

describe('a batch', () => {
  it('begins its work once, with all messages that can be read', async () => {
    const { run, started } = consumerOf([]);
    expect(await run(record(0), record(1, 'null'), record(2))).toEqual([]);
    expect(started).toEqual([[0, 2]]);
  });

  it('without a message that can be read begins nothing', async () => {
    const { run, started } = consumerOf([]);
    expect(await run(record(0, '{'), record(1, '[]'))).toEqual([]);
    expect(started).toEqual([]);
  });
});

describe('a message', () => {
  it('that comes again is hidden for its own time, or for the queue’s', async () => {
    const later = (delayMs: number | null): Outcome => ({ kind: 'later', delayMs });
    const { run, hidden } = consumerOf([later(2_000), later(null)]);
    expect((await run(record(0), record(1))).sort()).toEqual(['m0', 'm1']);
    expect(hidden).toEqual([['r0', 2_000]]);
  });

  it('whose work throws comes again, and the log says which it was', async () => {
    const { run, hidden, telemetry } = consumerOf([new Error('no table')]);
    expect(await run(record(0), record(1))).toEqual(['m0']);
    expect(hidden).toEqual([]);
    expect(telemetry.lines).toMatchObject([
      { level: 'error', about: { messageId: 'm0', n: 0, reason: 'no table' } },
    ]);
  });

  it.each([
    ['too_deep', '['.repeat(10_000)],
    ['not_json', '{"secret":'],
    ['not_an_object', '"secret"'],
    ['malformed', '{"secret":1}'],
  ])(
    'that can never be read is buried, counted, and logged without its content: %s',
    async (reason, body) => {
      const { run, buried, telemetry } = consumerOf([]);
      expect(await run(record(0, body))).toEqual([]);
      expect(buried).toEqual([body]);
      expect(telemetry.counts).toEqual([
        { name: 'message.unreadable', dimensions: { reason }, value: 1 },
      ]);
      expect(JSON.stringify(telemetry.lines)).not.toContain('secret');
    },
  );

  it('that is hopeless is buried too', async () => {
    const { run, buried } = consumerOf([{ kind: 'dead', reason: 'enough' }]);
    expect(await run(record(0), record(1))).toEqual([]);
    expect(buried).toEqual(['{"n":0}']);
  });

  it('that can never be read is left to its queue where SQS cannot be reached, and counted once', async () => {
    const { run, telemetry } = consumerOf([], false);
    for (const receives of [0, 1, 2]) {
      expect(await run(record(0, 'null', receives), record(1))).toEqual(['m0']);
    }
    expect(telemetry.counts.map(({ name }) => name)).toEqual(['message.unreadable']);
  });
});
