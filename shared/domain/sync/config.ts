/** What happens to the tracker's assignee when the assignee here has no account there. */
export type TrackerPolicy = 'keep' | 'clear';

/** An integration's settings; each direction is switched separately. */
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
 * Reads the settings by their names in the API (`sync_forward_assignment`, ...). Absent switches
 * are off, absent policies are `keep`.
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
