import type { GroupId, ProjectId } from '../ids.ts';
import type { FamilyVersions, NotedState } from './noted-state.ts';

/** What became of an issue of an operation. */
export const issueOutcomes = ['applied', 'unchanged', 'drifted', 'skipped', 'failed'] as const;
export type IssueOutcome = (typeof issueOutcomes)[number];

/**
 * Why it became that:
 * - `moved`: somebody has changed it meanwhile, and it was left alone
 * - `deleted`, `merged`, `not_open`: it is not there any more, or not open
 * - `not_assignable`: whom it would go to cannot be assigned there
 * - `chosen`: somebody else's choice stands: a person's, a tracker's, or a suspect commit's
 * - `without_event`: no event is kept that rules could be tried on
 * - `unowned`: the rules give it to nobody, and it keeps its holder
 * - `kept`: the organization's policy keeps it with its holder
 * - `busy`: others kept changing it
 * - `ended`: what would be brought back has come to its end meanwhile, as an archive does
 */
export const outcomeReasons = [
  'moved',
  'deleted',
  'merged',
  'not_open',
  'not_assignable',
  'chosen',
  'without_event',
  'unowned',
  'kept',
  'busy',
  'ended',
] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];

/** What became of one issue, and from what to what it was changed; in a dry run, would be. */
export type RecordedOutcome = {
  readonly groupId: GroupId;
  readonly projectId: ProjectId;
  readonly outcome: IssueOutcome;
  readonly reason: OutcomeReason | null;
  readonly before: NotedState | null;
  readonly after: NotedState | null;
  /** The versions that the change left behind; absent where nothing was changed. */
  readonly versions?: FamilyVersions;
};

/** How many issues each outcome has. */
export type OutcomeCounts = Readonly<Record<IssueOutcome, number>>;

/** Counts outcomes. */
export function countsOf(outcomes: readonly Pick<RecordedOutcome, 'outcome'>[]): OutcomeCounts {
  const of = (wanted: IssueOutcome) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  return {
    applied: of('applied'),
    unchanged: of('unchanged'),
    drifted: of('drifted'),
    skipped: of('skipped'),
    failed: of('failed'),
  };
}

/** Adds counts up. */
export function sumOf(all: readonly OutcomeCounts[]): OutcomeCounts {
  const of = (wanted: IssueOutcome) => all.reduce((sum, counts) => sum + counts[wanted], 0);
  return {
    applied: of('applied'),
    unchanged: of('unchanged'),
    drifted: of('drifted'),
    skipped: of('skipped'),
    failed: of('failed'),
  };
}

/** How many issues were counted. */
export function totalOf(counts: OutcomeCounts): number {
  return issueOutcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
}
