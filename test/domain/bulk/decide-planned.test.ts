import { expect, it } from 'vitest';
import { withPlannedRelease } from '../../../shared/domain/bulk/decide-planned.ts';
import type { NotedState } from '../../../shared/domain/bulk/noted-state.ts';
import type { ResolvedIn, StatusRequest } from '../../../shared/domain/issues/group-status.ts';

const seen = { version: '1.0', firstSeen: '2026-11-01T00:00:00.000Z' };
const review = (resolvedAfter: typeof seen | null): NotedState => ({
  review: { inInbox: false, snoozeBaseline: null, resolvedAfter },
});
const latest: ResolvedIn = { kind: 'release', version: 'latest' };
const next: ResolvedIn = { kind: 'nextRelease' };
const upcoming: ResolvedIn = { kind: 'upcomingRelease' };

it.each<readonly [string, ResolvedIn | null, NotedState, ResolvedIn | null]>([
  ['no release', null, { statusDetails: {}, ...review(seen) }, null],
  [
    'the release that was the latest',
    latest,
    { statusDetails: { inRelease: '1.0' }, ...review(null) },
    { kind: 'release', version: '1.0' },
  ],
  ['what was asked for, where nothing would change', latest, { statusDetails: {} }, latest],
  [
    'the newest one, after which the next comes',
    next,
    { statusDetails: { inNextRelease: true }, ...review(seen) },
    { ...next, newestOfProject: seen },
  ],
  [
    'the newest one, before the upcoming one',
    upcoming,
    { statusDetails: { inUpcomingRelease: true }, ...review(seen) },
    { ...upcoming, newestOfProject: seen },
  ],
  ['none, where none was known', next, { statusDetails: {}, ...review(null) }, next],
])('a plan is applied with %s', (_, resolvedIn, after, expected) => {
  const request: StatusRequest = {
    ...{ status: 'resolved', substatus: null, resolvedIn, conditions: {} },
  };
  expect(withPlannedRelease(request, { after })).toEqual({ ...request, resolvedIn: expected });
});
