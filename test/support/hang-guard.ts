/**
 * When a test counts as hung. Tests bound the steps that they take and not the time: on a machine
 * that does other things as well, the same steps take many times as long. So this limits no work;
 * it only ends a run in which nothing goes on.
 */
export const HANG_GUARD_MS = 30 * 60_000;
