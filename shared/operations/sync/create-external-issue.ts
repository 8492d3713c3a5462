import { conflict, invalidFields } from '../../domain/errors.ts';
import type { TrackerFailure, TrackerReply } from '../../domain/sync/failure.ts';
import type { Integration } from '../../domain/sync/integration.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import type { NewExternalIssue } from '../../domain/sync/new-external-issue.ts';
import type { TrackerSource } from '../../secrets/tracker-source.ts';
import type { AssignedGroupRow } from '../../stores/issues/groups.ts';
import type { Progress } from '../../stores/repeats.ts';
import type { IntegrationStore } from '../../stores/sync/integrations.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Tracker } from '../../trackers/tracker.ts';
import { type LinkIssueDeps, linkIssue, requireIssueSync } from './link-issue.ts';

export type { Progress } from '../../stores/repeats.ts';

export type CreateExternalIssueDeps = LinkIssueDeps & {
  readonly links: Pick<LinkStore, 'byId' | 'insert' | 'idOf'>;
  readonly integrations: Pick<IntegrationStore, 'byId' | 'pause'>;
  readonly trackers: TrackerSource;
};

export type CreateExternalIssueInput = {
  readonly row: AssignedGroupRow;
  readonly integration: Integration;
  readonly issue: NewExternalIssue;
  readonly progress: Progress;
  readonly requestId: string;
};

/** Noted before the tracker is asked: from then on nobody knows what it has done. */
const ASKED = 'asked';
/** Noted with the key of the issue that the tracker has created. */
const CREATED = 'created:';

/**
 * Creates an issue at a tracker and links a group to it. The tracker is outside of every
 * transaction, so what was done there is noted before and after it was asked: a repeat never
 * creates a second issue, and links the one that was created. Throws `request.invalid` where the
 * tracker refuses, and `conflict` where it is not known what it did.
 */
export async function createExternalIssue(
  deps: CreateExternalIssueDeps,
  input: CreateExternalIssueInput,
): Promise<IssueLink> {
  const { row, integration, progress, requestId } = input;
  const key = createdKey(progress) ?? (await create(deps, input));
  const named = { groupId: row.group.id, integrationId: integration.id, externalKey: key };
  const linked = await deps.links.byId(row.group.id, deps.links.idOf(named));
  return linked ?? (await linkIssue(deps, { row, integrationId: integration.id, key, requestId }));
}

/** The key of the issue that a request, or an earlier one under its key, has created. */
export function createdKey(progress: Pick<Progress, 'noted'>): string | null {
  const noted = progress.noted();
  return noted?.startsWith(CREATED) ? noted.slice(CREATED.length) : null;
}

async function create(
  deps: CreateExternalIssueDeps,
  { row, integration, issue, progress }: CreateExternalIssueInput,
): Promise<string> {
  if (progress.noted() === ASKED) {
    throw outcomeUnknown(
      'An earlier request under this key asked for it, and its answer was lost.',
    );
  }
  await requireIssueSync(deps, row.group.organizationId);
  requireNoPause(deps, integration);
  const tracker = await signedIn(deps, integration);
  await progress.note(ASKED);
  const reply = await askTwice(deps, integration, tracker, issue);
  if (!reply.ok && reply.failure.kind === 'transient') {
    throw outcomeUnknown(reply.failure.reason);
  }
  await progress.note(reply.ok ? `${CREATED}${reply.value}` : null);
  return reply.ok ? reply.value : refuse(deps, integration, reply.failure);
}

/** Asks again with newer credentials where the tracker did not accept those that we have. */
async function askTwice(
  deps: CreateExternalIssueDeps,
  integration: Integration,
  tracker: Tracker,
  issue: NewExternalIssue,
): Promise<TrackerReply<string>> {
  const reply = await tracker.createIssue(issue);
  if (reply.ok || reply.failure.kind !== 'unauthorized') {
    return reply;
  }
  if ((await deps.trackers.renew(integration)) !== 'renewed') {
    return reply;
  }
  const renewed = await deps.trackers.of(integration);
  return renewed.ok ? renewed.value.createIssue(issue) : renewed;
}

async function signedIn(
  { trackers }: Pick<CreateExternalIssueDeps, 'trackers'>,
  integration: Integration,
): Promise<Tracker> {
  const tracker = await trackers.of(integration);
  if (!tracker.ok) {
    throw invalidFields({ non_field_errors: [tracker.failure.reason] });
  }
  return tracker.value;
}

function requireNoPause(
  { clock }: Pick<CreateExternalIssueDeps, 'clock'>,
  { pausedUntilMs }: Integration,
): void {
  if (pausedUntilMs !== null && pausedUntilMs > Date.parse(clock())) {
    throw askedForQuiet(pausedUntilMs);
  }
}

/** The tracker has created nothing, and says why. */
async function refuse(
  { integrations }: Pick<CreateExternalIssueDeps, 'integrations'>,
  { id }: Integration,
  failure: TrackerFailure,
): Promise<never> {
  if (failure.kind === 'rateLimited') {
    if (failure.scope === 'integration') {
      await integrations.pause(id, failure.untilMs);
    }
    throw askedForQuiet(failure.untilMs);
  }
  if (failure.kind === 'stale' || failure.kind === 'unauthorized') {
    throw conflict(`No issue was created. ${failure.reason}`);
  }
  throw invalidFields({ non_field_errors: [failure.reason] });
}

function askedForQuiet(untilMs: number) {
  const until = new Date(untilMs).toISOString();
  return conflict(`No issue was created: the tracker wants to be asked no more until ${until}.`);
}

function outcomeUnknown(reason: string) {
  return conflict(
    `It is not known whether the tracker has created the issue. ${reason} Look for it there and link it, or ask again under another Idempotency-Key.`,
  );
}
