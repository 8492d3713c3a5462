import { describe, expect, it } from 'vitest';
import { uncounted, whileCounting } from '../../shared/operations/while-counted.ts';

const never = new Promise<never>(() => {});
const refusal = new Error('refused');

function refusedBy(answer: PromiseWithResolvers<void>) {
  answer.promise.catch(() => {});
  answer.reject(refusal);
}

describe('reading while a call is counted', () => {
  it('answers what was read', async () => {
    await expect(whileCounting(Promise.resolve())(Promise.resolve('rows'))).resolves.toBe('rows');
    await expect(uncounted(Promise.resolve('rows'))).resolves.toBe('rows');
  });

  it('waits for the reads where the call was counted before', async () => {
    const reads = Promise.withResolvers<string>();
    const read = whileCounting(Promise.resolve())(reads.promise);
    await expect(Promise.race([read, Promise.resolve('not yet')])).resolves.toBe('not yet');
    reads.resolve('rows');
    await expect(read).resolves.toBe('rows');
  });

  it('does not wait for a limit that has not answered by the end of the reads', async () => {
    await expect(whileCounting(never)(Promise.resolve('rows'))).resolves.toBe('rows');
  });

  it('ends with a refusal before the reads do', async () => {
    await expect(whileCounting(Promise.reject(refusal))(never)).rejects.toBe(refusal);
  });

  it('ends with a refusal that arrives with the last of the reads', async () => {
    const counted = Promise.withResolvers<void>();
    const read = whileCounting(counted.promise)(Promise.resolve('rows'));
    queueMicrotask(() => queueMicrotask(() => refusedBy(counted)));
    await expect(read).rejects.toBe(refusal);
  });

  it('fails as the reads do', async () => {
    const failure = new Error('no table');
    await expect(whileCounting(never)(Promise.reject(failure))).rejects.toBe(failure);
  });
});
