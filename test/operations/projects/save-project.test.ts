import { beforeAll, describe, expect, it } from 'vitest';
import type { Team } from '../../../shared/domain/directory.ts';
import { type DomainError, idSpaceExhausted } from '../../../shared/domain/errors.ts';
import {
  type SaveProjectDeps,
  saveProject,
} from '../../../shared/operations/projects/save-project.ts';
import { projectKeys } from '../../../shared/stores/keys/project-keys.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { savingDeps, scriptedSequence } from '../../support/saving.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let team: Team;
beforeAll(async () => {
  world = await worldOnFreshTable();
  team = (await world.stores.teams.byIds(['21'])).get('21')!;
});

const initiator = { actingUserId: '11', requestId: 'r1' };

function save(deps: SaveProjectDeps, name: string, slug: string | null = null) {
  return saveProject(deps, { team, name, slug, platform: null, initiator });
}

async function refusal(promise: Promise<unknown>) {
  const error = (await promise.then(
    () => undefined,
    (reason) => reason,
  )) as DomainError | undefined;
  return { code: error?.code, detail: error?.detail };
}

describe('200 creates of one name at once', () => {
  it('give 200 projects with 200 slugs and ids, and 200 events', async () => {
    const deps = savingDeps(world.stores);
    const saved = await Promise.all(Array.from({ length: 200 }, () => save(deps, 'Rush Hour')));
    const slugs = new Set(saved.map(({ slug }) => slug));
    const ids = new Set(saved.map(({ id }) => id));
    expect(slugs.size).toBe(200);
    expect(ids.size).toBe(200);
    expect(slugs).toContain('rush-hour');

    const guards = await Promise.all(
      saved.map(({ slug }) => world.stores.projects.bySlug('1', slug)),
    );
    expect(guards.map((guard) => guard?.projectId)).toEqual(saved.map(({ id }) => id));
    const created = (await recordedEvents(world.stores.table)).filter(
      ({ type, detail }) => type === 'project.created' && ids.has(detail.projectId),
    );
    expect(new Set(created.map(({ detail }) => detail.projectId))).toEqual(ids);
    expect(created).toHaveLength(200);
  });

  it('with one explicit slug give one project, and 49 conflicts of the slug', async () => {
    const deps = savingDeps(world.stores);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => save(deps, 'One', 'the-one')),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as DomainError).detail] : [],
    );
    expect(refused).toEqual(Array(49).fill('A project with this slug already exists.'));
  });
});

describe('an id that is taken', () => {
  it('is replaced by a fresh one, whatever else holds', async () => {
    const sequence = scriptedSequence(['31', '32', '39', '900001']);
    const project = await save({ ...savingDeps(world.stores), sequence }, 'Clash');
    expect(project).toMatchObject({ id: '900001', slug: 'clash' });
    const row = await world.stores.table.get(projectKeys.project('31'));
    expect(row).toMatchObject({ slug: 'shop', name: 'Shop' });
  });

  it('five times over is a conflict of ids, and no sixth is minted', async () => {
    const sequence = scriptedSequence(['31', '32', '39', '31', '32', '900002']);
    const outcome = refusal(save({ ...savingDeps(world.stores), sequence }, 'Never'));
    expect(await outcome).toEqual({
      code: 'conflict',
      detail: 'Max allowed ID retry reached. Please try again in a second',
    });
    expect(sequence.left).toEqual(['900002']);
    expect(await world.stores.projects.bySlug('1', 'never')).toBeUndefined();
  });

  it('is never told as a taken slug, nor the other way round', async () => {
    const sequence = scriptedSequence(['31', '900003']);
    const outcome = refusal(save({ ...savingDeps(world.stores), sequence }, 'Site', 'site'));
    expect(await outcome).toEqual({
      code: 'conflict',
      detail: 'A project with this slug already exists.',
    });
    expect(sequence.left).toEqual(['900003']);
  });

  it('by a taken slug beside it takes both a fresh id and another slug', async () => {
    const deps = savingDeps(world.stores);
    await save(deps, 'Both');
    // The slug's row is not seen before the insert, as it is not when somebody inserts it in
    // between.
    const projects = { bySlug: async () => undefined };
    const sequence = scriptedSequence(['31', '900004']);
    const project = await save({ ...deps, projects, sequence }, 'Both');
    expect(project.id).toBe('900004');
    expect(project.slug).toMatch(/^both-[a-z0-9]{2}$/);
  });
});

describe('what stands in the way of a save', () => {
  /** Others write the same rows so many times before this one gets through. */
  const crowded = (times: number) => {
    const deps = savingDeps(world.stores);
    let left = times;
    const insert: typeof deps.projectChanges.insert = async (input) =>
      left-- > 0 ? { committed: false, refused: [] } : deps.projectChanges.insert(input);
    return { ...deps, projectChanges: { insert } };
  };

  it('is waited for when it is only others who write at the same moment', async () => {
    expect(await save(crowded(3), 'Patient')).toMatchObject({ slug: 'patient' });
  });

  it('is a conflict when the others do not end', async () => {
    expect(await refusal(save(crowded(1_000), 'Impatient'))).toEqual({
      code: 'conflict',
      detail: 'Somebody else is changing this at the same time. Please try again in a second.',
    });
  });

  it('is told as it is when no id can be minted', async () => {
    const sequence = {
      mint: async (): Promise<string[]> => {
        throw idSpaceExhausted();
      },
    };
    const outcome = refusal(save({ ...savingDeps(world.stores), sequence }, 'Exhausted'));
    expect(await outcome).toMatchObject({ code: 'ids.exhausted' });
  });

  it('is told as it is when the team is gone', async () => {
    const gone = { ...team, id: '404' };
    const outcome = saveProject(savingDeps(world.stores), {
      team: gone,
      name: 'Orphan',
      slug: null,
      platform: null,
      initiator,
    });
    expect(await refusal(outcome)).toMatchObject({ code: 'resource.not_found' });
    expect(await world.stores.projects.bySlug('1', 'orphan')).toBeUndefined();
  });
});
