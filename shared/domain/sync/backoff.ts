/** The waits between attempts. */
export type BackoffSchedule = {
  readonly firstMs: number;
  readonly capMs: number;
  /** The largest random addition, as a share of the wait. */
  readonly jitter: number;
  /**
   * Failed attempts after which the message goes to the dead letters and the link is left to the
   * sweeper.
   */
  readonly attempts: number;
  /**
   * After the tracker refused our credentials, no link is tried for this long; then one of them
   * tries again.
   */
  readonly refusalMs: number;
  /**
   * Runs of the sweeper, one every 15 minutes, in which it checks each link that is in sync once.
   */
  readonly sweepRoundRuns: number;
};

/** 5 s, doubling, at most 15 minutes, plus up to 20 %; 8 attempts. Links in sync: once an hour. */
export const cloudBackoff: BackoffSchedule = {
  firstMs: 5_000,
  capMs: 900_000,
  jitter: 0.2,
  attempts: 8,
  refusalMs: 600_000,
  sweepRoundRuns: 4,
};

/** 1, 2 and 4 s without randomness, then no more: on a local stack somebody is waiting. */
export const localBackoff: BackoffSchedule = {
  firstMs: 1_000,
  capMs: 4_000,
  jitter: 0,
  attempts: 4,
  refusalMs: 1_000,
  sweepRoundRuns: 1,
};

/**
 * Milliseconds to wait after the failed attempt number `attempt` (from 0).
 * @param random a number in [0, 1)
 */
export function backoffMs(schedule: BackoffSchedule, attempt: number, random: number): number {
  const doubled = schedule.firstMs * 2 ** Math.min(attempt, 30);
  return Math.round(Math.min(doubled * (1 + schedule.jitter * random), schedule.capMs));
}
