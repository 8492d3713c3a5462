import type { Sequence } from '../cache/sequence.ts';
import { conflict } from '../domain/errors.ts';

export type SaveWithSnowflakeIdDeps = { readonly sequence: Pick<Sequence, 'mint'> };

/** The models whose ids are snowflakes; each mints in a namespace of its own. */
export type SnowflakeModel = 'project' | 'team';

/** What a save answers when somebody else has the id. */
export const ID_TAKEN = 'idTaken';

const MAX_ATTEMPTS = 5;

/**
 * Saves a new row under an id that nobody has. A preset id is tried first; whenever the id is taken
 * another one is minted, at most 5 attempts in all. Whatever else the save answers or throws is the
 * caller's to judge: a taken slug is no reason for another id, and an update, which has its id, is
 * never saved through here.
 *
 * @throws DomainError `conflict` when 5 ids were taken, `ids.exhausted` when none could be minted
 */
export async function saveWithSnowflakeId<T>(
  { sequence }: SaveWithSnowflakeIdDeps,
  row: { readonly model: SnowflakeModel; readonly presetId?: string },
  save: (id: string) => Promise<T | typeof ID_TAKEN>,
): Promise<T> {
  let presetId = row.presetId;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const id = presetId ?? (await mintOne(sequence, row.model));
    presetId = undefined;
    const outcome = await save(id);
    if (outcome !== ID_TAKEN) {
      return outcome;
    }
  }
  throw conflict('Max allowed ID retry reached. Please try again in a second');
}

async function mintOne(sequence: Pick<Sequence, 'mint'>, model: SnowflakeModel): Promise<string> {
  const [id] = await sequence.mint(model);
  if (id === undefined) {
    throw new Error('A mint of one id answered none.');
  }
  return id;
}
