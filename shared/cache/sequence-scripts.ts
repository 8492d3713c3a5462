import { SEQUENCES_PER_SECOND } from '../domain/snowflake.ts';
import { createScript } from './script.ts';

/** How far back a mint looks for a second with free numbers. */
const LOOK_BACK_SECONDS = 300;

/**
 * Takes the next free numbers of a namespace, newest second first.
 *
 * KEYS: the namespace's hash. ARGV: how many numbers; the epoch; who asks, to name the hash if this
 * call makes it.
 *
 * The hash holds, without a TTL:
 * - `floor`: no number is taken from this second or an earlier one. It begins as the birth of the
 *   hash and rises as counters
 *   are deleted, so that a clock that goes back never meets a second whose counter is gone.
 * - `unconfirmed`: the name of this incarnation of the hash, until the table's claim on the
 *   namespace has told whether it is the first. Until then it counts as born 300 s ago.
 * - per second its counter: 1 to 15 numbers taken, or minus n for a full one: the n seconds from
 *   here back are full. The
 *   look-back follows these jumps and lengthens the first one, so that it takes a few steps where
 *   it would take 300.
 *
 * A counter never falls and a full second never empties: this alone makes a number unique while the
 * hash lives, whatever the clock does.
 *
 * Answers the unconfirmed incarnation ('' once confirmed), the microseconds to the next second, and
 * (second, first number, how many) for each run of numbers taken.
 */
export const mintScript = createScript(
  'batonMint',
  `local key, wanted, epoch = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now, state = tonumber(time[1]), redis.call('HMGET', key, 'floor', 'unconfirmed')
local floor, incarnation = tonumber(state[1]), state[2] or ''
local oldest = now - ${LOOK_BACK_SECONDS}

if not floor then
  floor, incarnation = oldest, ARGV[3] .. ':' .. time[1] .. '.' .. time[2]
  redis.call('HSET', key, 'floor', floor, 'unconfirmed', incarnation)
elseif floor < oldest then
  -- Counters lie at most a look-back above the floor: it followed the clock of every mint.
  local passed = {}
  for second = floor + 1, math.min(oldest, floor + ${LOOK_BACK_SECONDS}) do
    passed[#passed + 1] = second
  end
  redis.call('HDEL', key, unpack(passed))
  floor = oldest
  redis.call('HSET', key, 'floor', floor)
end

local reply = {incarnation, 1000000 - tonumber(time[2])}
local last = math.max(floor, epoch)
local second, jump = now, nil
while wanted > 0 and second > last do
  local counter = tonumber(redis.call('HGET', key, second)) or 0
  if counter < 0 then
    if second == now then jump = counter end
    second = second + counter
  else
    local taken = math.min(wanted, ${SEQUENCES_PER_SECOND} - counter)
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = second, counter, taken
    wanted = wanted - taken
    counter = counter + taken
    if counter < ${SEQUENCES_PER_SECOND} then
      redis.call('HSET', key, second, counter)
    else
      redis.call('HSET', key, second, -1)
      second = second - 1
    end
  end
end
if second < now and second - now ~= jump then redis.call('HSET', key, now, second - now) end
return reply`,
);

/**
 * Confirms an incarnation. KEYS: the namespace's hash. ARGV: the incarnation; `first` for the one
 * that began the namespace, or `later` for one that replaced lost counters, whose floor becomes the
 * present second. Any other incarnation than the unconfirmed one is ignored.
 */
export const highWaterScript = createScript(
  'batonRaiseHighWater',
  `if redis.call('HGET', KEYS[1], 'unconfirmed') ~= ARGV[1] then return 0 end
if ARGV[2] == 'later' then
  local now = tonumber(redis.call('TIME')[1])
  local floor = tonumber(redis.call('HGET', KEYS[1], 'floor'))
  for second = floor + 1, math.min(now, floor + ${LOOK_BACK_SECONDS}) do
    redis.call('HDEL', KEYS[1], second)
  end
  redis.call('HSET', KEYS[1], 'floor', math.max(now, floor))
end
return redis.call('HDEL', KEYS[1], 'unconfirmed')`,
);
