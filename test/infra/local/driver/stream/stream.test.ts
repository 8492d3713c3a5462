import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createStream } from '../../../../../infra/local/driver/stream/stream.ts';
import { HANG_GUARD_MS } from '../../../../support/hang-guard.ts';

// Time stands still, so that a read that nothing asked for does not come.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** An engine with an empty stream; `read` resolves at the n-th read of it. */
async function startEngine() {
  const reads: string[] = [];
  const waiting = new Map<number, () => void>();
  const server = createServer(async (request, response) => {
    await request.toArray();
    const target = String(request.headers['x-amz-target']);
    response.end(
      JSON.stringify({
        StreamDescription: { Shards: [{ ShardId: 'shard-1' }] },
        ShardIterator: 'i',
        NextShardIterator: 'i',
        Records: [],
      }),
    );
    if (target.endsWith('.GetRecords')) {
      reads.push(target);
      waiting.get(reads.length)?.();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const read = (count: number) =>
    reads.length >= count
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.set(count, resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, reads, read };
}

async function startStream() {
  const engine = await startEngine();
  const stream = createStream({
    endpoint: engine.endpoint,
    streamArn: 'arn',
    position: undefined,
    from: 'TRIM_HORIZON',
    onRecords: async () => {},
    warn: () => {},
  });
  stream.start();
  onTestFinished(() => stream.stop());
  await engine.read(1);
  return { stream, engine };
}

it('an empty stream is read again when something is written or asked, and not before', async () => {
  const { stream, engine } = await startStream();
  // Each answer follows from a read, and the next read would have been asked for by then.
  expect(await stream.look()).toBe(0);
  expect(engine.reads).toHaveLength(2);
  stream.wake();
  await engine.read(3);
  expect(await stream.look()).toBe(0);
  expect(engine.reads).toHaveLength(4);
});

it('a wake during a read is answered by another read', async () => {
  const { stream, engine } = await startStream();
  const looked = stream.look();
  stream.wake();
  await looked;
  await engine.read(2);
  stream.wake();
  await engine.read(3);
});

it('what is written past the stack is read as time goes on', async () => {
  const { stream, engine } = await startStream();
  await stream.look();
  // Moves the time on by the interval before each check.
  await vi.waitFor(() => expect(engine.reads.length).toBeGreaterThan(2), {
    interval: 100,
    timeout: HANG_GUARD_MS,
  });
});
