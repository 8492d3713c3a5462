import { isLackOfIds } from '../../domain/errors.ts';
import { aggregateSeen } from '../../domain/ingest/seen.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { BatchProject } from './batch-project.ts';
import { type Birth, beginTogether, prepareBirth } from './begin-groups.ts';
import { idsOf, messagesOf, messagesToRetry } from './retry-messages.ts';
import { finishCounted, type SeeUnitDeps, seeUnit } from './see-unit.ts';
import type { Unit } from './sort-into-groups.ts';

export type BeginUnitsDeps = SeeUnitDeps & {
  readonly seenGroups: Pick<SeenGroupStore, 'piecesOf'>;
};

/** Events of a group to be begun, and what it is begun with. */
type Prepared = { readonly unit: Unit; readonly birth: Birth };

/** Groups that are prepared, or whose owners are looked for, at the same time. */
const WIDTH = 8;

/**
 * Begins the groups that events of a batch begin, as many in a transaction as it holds, and lets
 * them find owners. Answers the messages that have to come again.
 */
export async function beginUnits(
  deps: BeginUnitsDeps,
  batchProject: BatchProject,
  units: readonly Unit[],
  requestId: string,
): Promise<string[]> {
  const ids = await mintIds(deps, units.length);
  if (ids === undefined) {
    return units.flatMap(messagesOf).flatMap(idsOf);
  }
  const withIds = units.map((unit, index) => withId(unit, ids[index]));
  const prepared: Prepared[][] = [];
  const again = await mapConcurrently(WIDTH, withIds, (unit, index) =>
    messagesToRetry(deps, messagesOf(unit), async () => {
      prepared[index] = await prepare(deps, batchProject, unit, requestId);
      return [];
    }),
  );
  // One after the other: they take their numbers from the project's counter.
  for (const piece of deps.seenGroups.piecesOf(prepared.flat(), ({ birth }) => birth.begun)) {
    const messages = piece.flatMap(({ unit }) => messagesOf(unit));
    again.push(
      await messagesToRetry(deps, messages, () => beginPiece(deps, batchProject, piece, requestId)),
    );
  }
  return again.flat();
}

async function prepare(
  deps: BeginUnitsDeps,
  batchProject: BatchProject,
  unit: Unit,
  requestId: string,
): Promise<Prepared[]> {
  const { target, fresh } = unit;
  if (target.kind !== 'new') {
    return [];
  }
  const events = fresh.map(({ event }) => event);
  const aggregate = aggregateSeen(events);
  const born = { events, aggregate, target, requestId };
  const birth = await prepareBirth(deps, batchProject, born);
  return [{ unit, birth }];
}

/** Begins the groups of a piece together, or each by itself where that cannot be. */
async function beginPiece(
  deps: BeginUnitsDeps,
  batchProject: BatchProject,
  piece: readonly Prepared[],
  requestId: string,
): Promise<string[]> {
  const births = piece.map(({ birth }) => birth);
  if (await beginTogether(deps, batchProject, births)) {
    const again = await mapConcurrently(WIDTH, piece, ({ unit, birth }) =>
      messagesToRetry(deps, messagesOf(unit), () =>
        finishCounted(deps, batchProject, birth.counted, requestId),
      ),
    );
    return again.flat();
  }
  const again: string[] = [];
  for (const { unit } of piece) {
    const work = () => seeUnit(deps, batchProject, unit, requestId);
    again.push(...(await messagesToRetry(deps, messagesOf(unit), work)));
  }
  return again;
}

function withId({ target, ...unit }: Unit, id: string | undefined): Unit {
  return { ...unit, target: target.kind === 'new' ? { ...target, id } : target };
}

/**
 * Ids of all groups that a batch begins, in one round trip; undefined where there are none to be
 * had for now.
 */
async function mintIds(deps: BeginUnitsDeps, count: number): Promise<string[] | undefined> {
  if (count === 0) {
    return [];
  }
  try {
    return await deps.sequence.mint('group', count);
  } catch (error) {
    if (!isLackOfIds(error)) {
      throw error;
    }
    deps.count(
      error.code === 'ids.exhausted' ? 'group_seen.ids_exhausted' : 'group_seen.ids_unavailable',
    );
    return undefined;
  }
}
