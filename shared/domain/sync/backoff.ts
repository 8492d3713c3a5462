/** How long to wait between attempts. */
export type BackoffSchedule = {
  readonly firstMs: number;
  readonly capMs: number;
  /** The share of the wait that jitter may add. */
  readonly jitter: number;
  /** Failed attempts after which a message is given up and its link left to the sweeper. */
  readonly attempts: number;
  /**
   * How long nobody knocks after the credentials were refused; then one of the links tries again.
   */
  readonly refusalMs: number;
  /** Runs of the sweeper, one every 15 minutes, in which it looks at each link at rest once. */
  readonly sweepRoundRuns: number;
};

/** 5 s, doubling, at most 15 minutes; 8 attempts. Links at rest are looked at once an hour. */
export const cloudBackoff: BackoffSchedule = {
  firstMs: 5_000,
  capMs: 900_000,
  jitter: 0.2,
  attempts: 8,
  refusalMs: 600_000,
  sweepRoundRuns: 4,
};

/** 1, 2, 4 s, no jitter and then no more: on one machine somebody is watching. */
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
