import type { GroupId, ProjectId } from '../domain/ids.ts';
import type { CacheClient, CacheResult, RunOptions } from './client.ts';
import { issueOwnersRateLimitKey, requestRateLimitKey } from './keys.ts';
import { createScript } from './script.ts';

/** What a limit leaves to a caller, with the call that was just counted or refused. */
export type RateState = {
  readonly isAllowed: boolean;
  /** How many more calls there is room for now. */
  readonly remaining: number;
  /** The second, since 1970, from which there is room for one more than now. */
  readonly resetsAt: number;
};

/** A project's window begins with its first group. */
const ISSUE_OWNERS_WINDOW_SECONDS = 60;
/** Callers are limited per second. */
const REQUEST_WINDOW_MS = 1000;

/**
 * Without an answer the limit allows, so the wait is short. A retry on a new connection counts a
 * group once; it may count a request twice, which the limit tolerates.
 */
const REQUEST_WAIT_MS = 100;

/**
 * KEYS: the project's set. ARGV: group, limit, seconds. Counts the group, and returns the number of
 * groups in this window. Past the limit the result cannot change any more, so the set does not grow
 * further.
 */
const countGroupScript = createScript(
  'batonCountGroup',
  `if redis.call('SCARD', KEYS[1]) <= tonumber(ARGV[2]) then
  redis.call('SADD', KEYS[1], ARGV[1])
end
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return redis.call('SCARD', KEYS[1])`,
);

/**
 * KEYS: the caller's log of one operation, newest call first. ARGV: limit, milliseconds. Answers 1
 * and writes the call down, or 0 when as many calls as the limit lie inside the window; then how
 * many more calls there is room for, and the second from which there is room for one more than now.
 * What was refused is not written down, so that a caller who keeps knocking is let in again; the
 * log never holds more entries than the limit.
 */
const countCallScript = createScript(
  'batonCountCall',
  `local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit = tonumber(ARGV[1])
local window = ARGV[2] * 1000
local counted, oldest = 0, now
for _, call in ipairs(redis.call('LRANGE', KEYS[1], 0, limit - 1)) do
  local at = tonumber(call)
  -- A call from the future was written before the clock went back: it must not lock the caller out.
  if at <= now and now - at < window then
    counted = counted + 1
    oldest = math.min(oldest, at)
  end
end
local resets = math.ceil((oldest + window) / 1000000)
if counted >= limit then return {0, 0, resets} end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, limit - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1, limit - counted - 1, resets}`,
);

/**
 * Both rate limits. A limit without an answer allows: the caller reads `result.ok` to count that,
 * and `rateStateOf(result)` to continue.
 */
export function createRateLimits(
  client: CacheClient,
  { waitMs = REQUEST_WAIT_MS }: Pick<RunOptions, 'waitMs'> = {},
) {
  return {
    /**
     * Counts a group whose owners are to be evaluated, and returns how many different groups of the
     * project were counted within 60 seconds from the first, this one included. One group past the
     * limit is counted, and no more: from then on every group of the project is refused until the
     * window ends.
     */
    countIssueOwners(
      projectId: ProjectId,
      groupId: GroupId,
      limit: number,
    ): Promise<CacheResult<number>> {
      return client.attempt(
        async (cluster) => {
          const key = issueOwnersRateLimitKey(projectId);
          const args = [groupId, limit, ISSUE_OWNERS_WINDOW_SECONDS];
          return Number(await countGroupScript(cluster, [key], args));
        },
        { waitMs },
      );
    },

    /** The number that `countIssueOwners` would return for the group now, without counting it. */
    peekIssueOwners(projectId: ProjectId, groupId: GroupId): Promise<CacheResult<number>> {
      return client.attempt(
        async (cluster) => {
          const key = issueOwnersRateLimitKey(projectId);
          const [groups, isCounted] = await Promise.all([
            cluster.scard(key),
            cluster.sismember(key, groupId),
          ]);
          return groups + (isCounted === 1 ? 0 : 1);
        },
        { waitMs },
      );
    },

    /**
     * Whether a caller may send one more request: at most `limit` in any second, by the clock of
     * the Redis server.
     */
    allowRequest(
      caller: string,
      operation: string,
      limit: number,
    ): Promise<CacheResult<RateState>> {
      return client.attempt(
        async (cluster) => {
          const key = requestRateLimitKey(caller, operation);
          const answer = await countCallScript(cluster, [key], [limit, REQUEST_WINDOW_MS]);
          const [allowed, remaining = 0, resetsAt = 0] = (answer as unknown[]).map(Number);
          return { isAllowed: allowed === 1, remaining, resetsAt };
        },
        { waitMs },
      );
    },
  };
}

export type RateLimits = ReturnType<typeof createRateLimits>;

/**
 * What a limit says of a request. When the cache is down it allows the request, and as many as the
 * limit from the next second on.
 */
export function rateStateOf(
  result: CacheResult<RateState>,
  { limit, nowMs }: { readonly limit: number; readonly nowMs: number },
): RateState {
  return result.ok
    ? result.value
    : { isAllowed: true, remaining: limit, resetsAt: Math.ceil(nowMs / 1000) + 1 };
}
