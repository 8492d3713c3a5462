import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEventRecord } from '../../../shared/domain/events.ts';
import {
  newOwnership,
  ownershipChanged,
  type ProjectCodeowners,
} from '../../../shared/domain/ownership/project-ownership.ts';
import type {
  RulesContent,
  StoredRules,
} from '../../../shared/domain/ownership/versions/rules-content.ts';
import type { RulesSave } from '../../../shared/stores/ownership/rules-saves.ts';
import { cutText } from '../../../shared/stores/text-parts.ts';
import { freshId, NOW } from '../../support/builders.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const project = { id: '31', organizationId: '1' };

function save(version: number, where = project): RulesSave {
  const event = ownershipChanged(['raw'], 'ownership', version);
  const context = { eventId: freshId(), occurredAt: NOW, requestId: 'r', actor: null };
  return {
    project: where,
    saved: { version, savedAt: NOW, savedBy: '11', changed: ['raw'] },
    event: toEventRecord(event, { ...context, organizationId: '1', projectId: where.id }),
  };
}

/** Saves over what is there, as the version after it, or after another one that was read. */
async function saveOver(
  { stores }: Pick<TestWorld, 'stores'>,
  change: Partial<RulesContent>,
  read?: StoredRules,
) {
  const before = read ?? (await stores.ownership.rulesOf('31'));
  return stores.rulesSaves.commit(save(before.version + 1), before, { ...before, ...change });
}

const rulesOf = (raw: string | null) => ({ ...newOwnership(NOW), raw });

function file(raw: string, id = '7'): ProjectCodeowners {
  const codeMapping = { sourceRoot: '', stackRoot: '' };
  return { id, raw, codeMapping, dateCreated: NOW, dateUpdated: NOW };
}

describe('a text', () => {
  it('is cut between characters into parts of at most 300 KB', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (unit) => {
        const text = unit.repeat(Math.ceil(700_000 / Buffer.byteLength(unit)));
        const parts = cutText(text);
        expect(parts.join('')).toBe(text);
        expect(parts).toHaveLength(3);
        for (const part of parts) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(300_000);
        }
      }),
      { numRuns: 20 },
    );
    expect(cutText('')).toEqual([]);
  });

  it('of many parts is saved and read whole, and leaves nothing behind when it is replaced', async () => {
    const { stores, client, table } = await worldOnFreshTable();
    const long = 'path:ü* #core\n'.repeat(60_000);
    expect(await saveOver({ stores }, { ownership: rulesOf(long) })).toEqual({ committed: true });
    const read = await stores.ownership.ofProject('31');
    expect(read.version).toBe(1);
    expect(read.ownership?.raw === long).toBe(true);

    await saveOver({ stores }, { ownership: rulesOf('path:a #core') });
    expect((await stores.ownership.ofProject('31')).ownership?.raw).toBe('path:a #core');
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :text)',
        ExpressionAttributeValues: { ':pk': 'P#31', ':text': 'OWNERSHIP#TEXT#' },
      }),
    );
    expect(Items).toHaveLength(1);
  });

  it('is never read half old and half new', async () => {
    const { stores } = await worldOnFreshTable();
    const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(650_000));
    let isWriting = true;
    const writing = (async () => {
      for (const text of texts) {
        await saveOver({ stores }, { codeowners: [file(text)] });
      }
      isWriting = false;
    })();
    while (isWriting) {
      for (const { raw } of await stores.ownership.codeownersOf('31')) {
        expect(new Set(raw).size).toBe(1);
        expect(raw).toHaveLength(650_000);
      }
    }
    await writing;
    const [last] = await stores.ownership.codeownersOf('31');
    expect(last?.raw === texts.at(-1)).toBe(true);
  });
});

describe('a save', () => {
  it('of a version that is no longer the one that was read is refused, for rules and files alike', async () => {
    const { stores } = await worldOnFreshTable();
    const read = await stores.ownership.rulesOf('31');
    await saveOver({ stores }, { ownership: rulesOf('path:a #core') });
    const changes = [
      { ownership: rulesOf('path:b #core') },
      { codeowners: [file('* a@b.c')] },
      { tests: [{ name: 'a', event: {}, platform: null, expect: null }] },
    ];
    for (const change of changes) {
      const outcome = await saveOver({ stores }, change, read);
      expect(outcome).toEqual({ committed: false, refused: ['version'] });
    }
    expect(await stores.ownership.rulesOf('31')).toEqual({
      version: 1,
      isKept: true,
      ownership: rulesOf('path:a #core'),
      tests: [],
      codeowners: [],
    });
  });

  it('to a project that is not there is refused', async () => {
    const { stores } = await worldOnFreshTable();
    const elsewhere = save(1, { id: '77', organizationId: '1' });
    const before = await stores.ownership.rulesOf('77');
    const after = { ...before, ownership: rulesOf('path:a #core') };
    expect(await stores.rulesSaves.commit(elsewhere, before, after)).toEqual({
      committed: false,
      refused: ['project'],
    });
  });

  it('of one file leaves the others alone, and removing it too', async () => {
    const { stores } = await worldOnFreshTable();
    await saveOver({ stores }, { codeowners: [file('* a@b.c', '1')] });
    const { codeowners } = await stores.ownership.rulesOf('31');
    await saveOver({ stores }, { codeowners: [...codeowners, file('* d@e.f', '2')] });
    await saveOver({ stores }, { codeowners: [file('* d@e.f', '2')] });
    expect(await stores.ownership.codeownersOf('31')).toEqual([file('* d@e.f', '2')]);
  });

  it('keeps tests beside the rules, and none where there are none', async () => {
    const { stores } = await worldOnFreshTable();
    const tests = [{ name: 'ü', event: { tags: [['a', 'b']] }, platform: null, expect: '#core' }];
    await saveOver({ stores }, { ownership: rulesOf('path:a #core'), tests });
    expect((await stores.ownership.ofProject('31')).tests).toEqual(tests);
    await saveOver({ stores }, { ownership: rulesOf('path:a #core'), tests: [] });
    expect((await stores.ownership.ofProject('31')).tests).toEqual([]);
  });
});

/** The sort keys of the rows that versions are kept in, by their kinds. */
async function keptRows({ stores }: Pick<TestWorld, 'stores'>, prefix: string): Promise<string[]> {
  const items = await stores.table.queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': 'P#31', ':prefix': prefix },
  });
  return items.map(({ sk }) => sk);
}

describe('the versions of rules', () => {
  it('begin with what was there before any was kept, texts of many parts included', async () => {
    const files = [file('ä/* a@b.c\n'.repeat(40_000)), file('* d@e.f')].map(({ raw }) => raw);
    const { stores } = await worldOnFreshTable({
      ownership: [{ project: '31', raw: 'path:a #core' }],
      codeowners: [{ project: '31', raw: files[0] ?? '' }],
    });
    const before = await stores.ownership.rulesOf('31');
    expect(await stores.rulesVersions.ofProject('31')).toEqual([]);
    await saveOver({ stores }, { ownership: rulesOf('path:b #core') });
    expect(await stores.rulesVersions.ofProject('31')).toEqual([
      { version: 1, savedAt: NOW, savedBy: '11', changed: ['raw'] },
      { version: 0, savedAt: NOW, savedBy: null, changed: [] },
    ]);
    const { version, isKept, ...content } = before;
    expect((await stores.rulesVersions.contentOf('31', 0))?.content).toEqual(content);
    const after = await stores.rulesVersions.contentOf('31', 1);
    expect(after?.content).toEqual({ ...content, ownership: rulesOf('path:b #core') });
    expect(await stores.rulesVersions.contentOf('31', 2)).toBeUndefined();
  });

  it('hold each text once, and go with their texts when fifty newer ones are there', async () => {
    const world = await worldOnFreshTable();
    const { stores } = world;
    const codeowners = [file('* a@b.c')];
    for (let count = 1; count <= 53; count += 1) {
      const ownership = rulesOf(`path:${count} #core`);
      await saveOver(world, count === 1 ? { ownership, codeowners } : { ownership });
      await stores.rulesVersions.prune('31', count);
    }
    const versions = (await stores.rulesVersions.ofProject('31')).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 50 }, (_, index) => 53 - index));
    expect(await keptRows(world, 'RULESVERSION#')).toHaveLength(50);
    expect(await keptRows(world, 'RULESTEXT#')).toHaveLength(51);
    expect(await stores.rulesVersions.contentOf('31', 3)).toBeUndefined();
    expect((await stores.rulesVersions.contentOf('31', 4))?.content.codeowners).toEqual(codeowners);
  });

  it('are not pruned by a save that another one has overtaken', async () => {
    const world = await worldOnFreshTable();
    for (let count = 1; count <= 52; count += 1) {
      await saveOver(world, { ownership: rulesOf(`path:${count} #core`) });
    }
    await world.stores.rulesVersions.prune('31', 51);
    expect(await keptRows(world, 'RULESVERSION#')).toHaveLength(52);
    expect(await world.stores.rulesVersions.ofProject('31')).toHaveLength(50);
    await world.stores.rulesVersions.prune('31', 52);
    expect(await keptRows(world, 'RULESVERSION#')).toHaveLength(50);
  });

  it('are kept of the most files that a project may have, all of them replaced by one save', async () => {
    const world = await worldOnFreshTable();
    const files = (name: string) =>
      Array.from({ length: 20 }, (_, index) =>
        file(`* ${name}${index}@b.c\n`.repeat(2_500), `${name}${index}`),
      );
    const [first, second] = [files('a'), files('b')];
    expect(await saveOver(world, { codeowners: first })).toEqual({ committed: true });
    expect(await saveOver(world, { codeowners: second })).toEqual({ committed: true });
    const kept = await world.stores.rulesVersions.contentOf('31', 1);
    expect(kept?.content.codeowners).toHaveLength(20);
    expect(new Set((await world.stores.ownership.codeownersOf('31')).map(({ id }) => id))).toEqual(
      new Set(second.map(({ id }) => id)),
    );
  });
});
