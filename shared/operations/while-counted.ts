/**
 * Reads what a request is decided on while its call is counted against its limit, and answers what
 * was read. A refusal ends the request. Of an operation that is limited, everything that is read
 * before its first write goes through it.
 */
export type WhileCounted = <T>(reads: Promise<T>) => Promise<T>;

/**
 * `counted` rejects where the call is refused. It is waited for as long as the reads take: a limit
 * without an answer by then allows, as that of a cache does which is down.
 */
export function whileCounting(counted: Promise<void>): WhileCounted {
  return async (reads) => {
    const [read] = await Promise.all([reads, Promise.race([counted, reads.then(nextRound)])]);
    return read;
  };
}

/** Where no call is counted. */
export const uncounted: WhileCounted = (reads) => reads;

/** What has arrived with the last of the reads is processed first. */
const nextRound = () => new Promise<void>((resolve) => setImmediate(resolve));
