/** What to do in the tracker when nobody there can stand for the assignee here. */
type TrackerPolicy = 'keep' | 'clear';

/** An integration's switches, each direction on its own. */
export type SyncConfig = {
  readonly forwardAssignment: boolean;
  readonly reverseAssignment: boolean;
  readonly forwardStatus: boolean;
  readonly reverseStatus: boolean;
  /** For an assignee that is a team. */
  readonly teamPolicy: TrackerPolicy;
  /** For a user without an account in the tracker. */
  readonly unmappedPolicy: TrackerPolicy;
};

/**
 * Reads the wire's names (`sync_forward_assignment`, ...). Whatever is absent is off, or `keep`.
 */
export function syncConfigOf(config: Readonly<Record<string, unknown>>): SyncConfig {
  return {
    forwardAssignment: config.sync_forward_assignment === true,
    reverseAssignment: config.sync_reverse_assignment === true,
    forwardStatus: config.sync_status_forward === true,
    reverseStatus: config.sync_status_reverse === true,
    teamPolicy: config.teamPolicy === 'clear' ? 'clear' : 'keep',
    unmappedPolicy: config.unmappedPolicy === 'clear' ? 'clear' : 'keep',
  };
}
