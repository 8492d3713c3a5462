import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { conflict } from '../../shared/domain/errors.ts';
import { KEPT_SECONDS, type KeptAnswer, LEASE_MS } from '../../shared/domain/idempotency.ts';
import { answerOnce, type RepeatableRequest } from '../../shared/operations/answer-once.ts';
import { doesNotExist } from '../../shared/stores/conditions.ts';
import { seedKeys } from '../../shared/stores/keys/seed-keys.ts';
import { wireApiStores } from '../../shared/wire-stores.ts';
import { survives } from '../support/crash/cascade-worker.ts';
import { randomOf } from '../support/random.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

const seeded = randomOf('answer-once.test.ts');
const NOW = 1_795_000_000_000;
const DONE: KeptAnswer = { status: 201, headers: { Link: 'x', ETag: '"a"' }, body: '{"id":"1"}' };
const IN_FLIGHT = expect.objectContaining({ code: 'request.in_flight' });

type Stores = ReturnType<typeof wireApiStores>;

let world: TestWorld;
let alive: Stores;

beforeAll(async () => {
  world = await worldOnFreshTable();
  alive = wireApiStores(world.stores.table);
});

/** Runs a task in a process that is killed when so many of its calls are answered. */
const killedAt = (calls: number, task: (stores: Stores) => Promise<unknown>) =>
  survives(world, { calls }, ({ table }) => task(wireApiStores(table)));

/** A request with a key of its own, and how it and its repeats are sent. */
function given(more: Partial<RepeatableRequest> = {}) {
  const thing = randomUUID();
  const request: RepeatableRequest = {
    reach: '1',
    tokenId: 't1',
    hash: randomUUID(),
    fingerprint: 'f',
    requestId: randomUUID(),
    claimsKey: false,
    ...more,
  };
  const warnings: string[] = [];

  /** Counts in one row how often it was done. */
  async function apply(stores: Stores, times = 1) {
    for (let time = 0; time < times; time++) {
      const { pk, sk } = seedKeys.claim('times', thing);
      const outcome = await stores.transact([
        {
          name: 'times',
          update: {
            Key: { pk, sk },
            UpdateExpression: 'ADD #times :one',
            ExpressionAttributeNames: { '#times': 'times' },
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ]);
      if (!outcome.committed) {
        throw conflict('Others.');
      }
    }
  }

  return {
    request,
    warnings,
    apply,
    async times(): Promise<unknown> {
      return (await world.stores.table.get(seedKeys.claim('times', thing)))?.times ?? 0;
    },
    send(
      run: (stores: Stores) => Promise<KeptAnswer>,
      {
        nowMs = NOW,
        stores = alive,
        ...repeat
      }: { nowMs?: number; stores?: Stores } & Partial<RepeatableRequest> = {},
    ) {
      return answerOnce(
        {
          repeats: stores.repeats,
          nowMs: () => nowMs,
          log: { warn: (message) => void warnings.push(message) },
        },
        { ...request, requestId: randomUUID(), ...repeat },
        () => run(stores),
      );
    },
  };
}

const never = () => Promise.reject(new Error('It was done again.'));
const modes = [
  ['in its own transaction', false],
  ['under a claim', true],
] as const;

describe.each(modes)('a request whose record is kept %s', (_, claimsKey) => {
  it('is done once, and answered alike for a day', async () => {
    const { send, apply, times, warnings } = given({ claimsKey });
    const first = await send(async (stores) => {
      await apply(stores);
      return DONE;
    });
    expect(first).toEqual({ answer: DONE, isReplayed: false });
    const aDay = NOW + KEPT_SECONDS * 1_000;
    for (const nowMs of [NOW, aDay - 1_000]) {
      expect(await send(never, { nowMs })).toEqual({ answer: DONE, isReplayed: true });
    }
    const later = await send(async () => ({ ...DONE, body: '"again"' }), { nowMs: aDay });
    expect(later).toMatchObject({ isReplayed: false, answer: { body: '"again"' } });
    expect(await times()).toBe(1);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['another fingerprint', { fingerprint: 'g' }, 'request.key_reused'],
    ['another token', { tokenId: 't2' }, 'done'],
    ['another organization', { reach: '2' }, 'done'],
    ['another key', { hash: 'h' }, 'done'],
  ])('is not answered to %s', async (__, other, expected) => {
    const { send } = given({ claimsKey });
    await send(async () => DONE);
    const answered = send(async () => ({ ...DONE, body: '"own"' }), other).then(
      ({ answer }) => (answer.body === '"own"' ? 'done' : 'replayed'),
      ({ code }) => code,
    );
    expect(await answered).toBe(expected);
  });

  it.each([409, 412, 429])('may be tried again after a %d', async (status) => {
    const { send } = given({ claimsKey });
    const refused = { status, headers: {}, body: '' };
    expect(await send(async () => refused)).toEqual({ answer: refused, isReplayed: false });
    expect(await send(async () => DONE)).toEqual({ answer: DONE, isReplayed: false });
  });

  it('may be tried again after a fault of ours', async () => {
    const { send } = given({ claimsKey });
    await expect(send(() => Promise.reject(new Error('Broken.')))).rejects.toThrow('Broken.');
    expect(await send(async () => DONE)).toEqual({ answer: DONE, isReplayed: false });
  });

  it('that was refused is refused alike', async () => {
    const { send } = given({ claimsKey });
    const refused = { status: 400, headers: {}, body: '{"name":["No."]}' };
    await send(async () => refused);
    expect(await send(never)).toEqual({ answer: refused, isReplayed: true });
  });

  it('keeps an answer that fills several rows', async () => {
    const { send } = given({ claimsKey });
    const body = JSON.stringify(randomBytes(700_000).toString('base64'));
    await send(async () => ({ ...DONE, body }));
    const { answer } = await send(never);
    expect(answer.body === body).toBe(true);
  });

  it('is done once by many that arrive together', async () => {
    for (let round = 0; round < 15; round++) {
      const { send, apply, times } = given({ claimsKey });
      const wait = () => new Promise<void>((resolve) => setImmediate(resolve));
      const one = async () => {
        for (let ticks = Math.floor(seeded.random() * 6); ticks > 0; ticks--) {
          await wait();
        }
        return send(async (stores) => {
          await apply(stores);
          return DONE;
        }).catch((error) => error);
      };
      const answers = await Promise.all(Array.from({ length: 5 }, one));
      const where = `seed ${seeded.seed}, round ${round}`;
      expect(await times(), where).toBe(1);
      const done = answers.filter((answered) => answered.isReplayed === false);
      expect(done, where).toEqual([{ answer: DONE, isReplayed: false }]);
      for (const answered of answers.filter((other) => other !== done[0])) {
        expect([{ answer: DONE, isReplayed: true }, IN_FLIGHT], where).toContainEqual(answered);
      }
      expect(await send(never), where).toEqual({ answer: DONE, isReplayed: true });
    }
  });
});

describe('a request in its own transaction', () => {
  it('is in flight from its commit to its answer', async () => {
    const { send, apply } = given();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const first = send(async (stores) => {
      await apply(stores);
      ask();
      await answered;
      return DONE;
    });
    await asked;
    await expect(send(never)).rejects.toEqual(IN_FLIGHT);
    answer();
    expect(await first).toEqual({ answer: DONE, isReplayed: false });
    expect(await send(never)).toEqual({ answer: DONE, isReplayed: true });
  });

  it('that loses against another one with its key is answered as that one', async () => {
    const { send, apply, times } = given();
    const body = async (stores: Stores) => {
      await apply(stores);
      return DONE;
    };
    // The other one is no part of this one.
    const outside = AsyncLocalStorage.snapshot();
    const overtaken = await send(async (stores) => {
      await outside(() => send(body));
      return body(stores).catch(() => ({ status: 409, headers: {}, body: '' }));
    });
    expect(overtaken).toEqual({ answer: DONE, isReplayed: true });
    expect(await times()).toBe(1);
  });

  it('that was refused because another one with its key was faster is answered as that one', async () => {
    const { send, apply } = given();
    const outside = AsyncLocalStorage.snapshot();
    const refused = { status: 400, headers: {}, body: '"taken"' };
    const answered = await send(async () => {
      await outside(() =>
        send(async (stores) => {
          await apply(stores);
          return DONE;
        }),
      );
      return refused;
    });
    expect(answered).toEqual({ answer: DONE, isReplayed: true });
  });

  it('that died after its commit is not done again, and says so', async () => {
    const seen = new Set<string>();
    for (let calls = 0; calls < 8; calls++) {
      const { send, apply, times, request } = given();
      const lived = await killedAt(calls, (stores) =>
        send(
          async () => {
            await apply(stores);
            return DONE;
          },
          { stores, requestId: request.requestId },
        ),
      );
      const before = await times();
      const run = async (stores: Stores) => {
        await apply(stores);
        return DONE;
      };
      const first = await send(run).catch((error) => error.code);
      const later = await send(run, { nowMs: NOW + LEASE_MS }).catch((error) => error);
      expect(await times(), `killed at call ${calls}`).toBe(1);
      if (before === 0) {
        expect(first).toEqual({ answer: DONE, isReplayed: false });
      } else if (later.code !== undefined) {
        expect(first).toBe('request.in_flight');
        expect(later).toMatchObject({
          code: 'request.answer_lost',
          extra: { requestId: request.requestId },
        });
      } else {
        expect(later).toEqual({ answer: DONE, isReplayed: true });
      }
      seen.add(`${before} ${later.code ?? later.isReplayed}`);
      if (lived) {
        break;
      }
    }
    expect([...seen].sort()).toEqual(['0 true', '1 request.answer_lost', '1 true']);
  });

  it('that committed and could not be answered is not done again', async () => {
    const { send, apply, times } = given();
    await expect(
      send(async (stores) => {
        await apply(stores);
        throw new Error('Broken.');
      }),
    ).rejects.toThrow('Broken.');
    await expect(send(never)).rejects.toMatchObject({ code: 'request.answer_lost' });
    expect(await times()).toBe(1);
  });

  it('keeps no record of a transaction that was refused', async () => {
    const { send } = given();
    const taken = seedKeys.claim('times', 'taken');
    const put = (stores: Stores) =>
      stores.transact([{ name: 'row', put: { Item: { ...taken }, ...doesNotExist } }]);
    await put(alive);
    const refused = await send(async (stores) => {
      expect(await put(stores)).toEqual({ committed: false, refused: ['row'] });
      return { status: 409, headers: {}, body: '' };
    });
    expect(refused.answer.status).toBe(409);
    expect(await send(async () => DONE)).toEqual({ answer: DONE, isReplayed: false });
  });

  it('that commits twice is told to the operator, since a death between the two leaves it half done', async () => {
    const { send, apply, warnings } = given();
    await send(async (stores) => {
      await apply(stores, 2);
      return DONE;
    });
    expect(warnings).toEqual(['A request with an Idempotency-Key committed twice.']);
  });
});

describe('a request under a claim', () => {
  it('may commit as often as it likes', async () => {
    const { send, apply, times, warnings } = given({ claimsKey: true });
    const run = async (stores: Stores) => {
      await apply(stores, 3);
      return DONE;
    };
    await send(run);
    expect(await send(run)).toMatchObject({ isReplayed: true });
    expect(await times()).toBe(3);
    expect(warnings).toEqual([]);
  });

  it('that died is in flight for a minute, and is then done again', async () => {
    const { send, apply, times, request } = given({ claimsKey: true });
    const lived = await killedAt(3, (stores) =>
      send(
        async () => {
          await apply(stores);
          return DONE;
        },
        { stores, requestId: request.requestId },
      ),
    );
    expect([lived, await times()]).toEqual([false, 1]);
    await expect(send(never, { nowMs: NOW + LEASE_MS - 1 })).rejects.toEqual(IN_FLIGHT);
    const again = await send(
      async (stores) => {
        await apply(stores);
        return DONE;
      },
      { nowMs: NOW + LEASE_MS },
    );
    expect(again).toEqual({ answer: DONE, isReplayed: false });
    expect(await times()).toBe(2);
  });
});
