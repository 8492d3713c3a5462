import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEventRecord } from '../../../shared/domain/events.ts';
import {
  newOwnership,
  ownershipChanged,
  type ProjectCodeowners,
} from '../../../shared/domain/ownership/project-ownership.ts';
import type { OwnershipSave } from '../../../shared/stores/ownership/ownership.ts';
import { cutText } from '../../../shared/stores/text-parts.ts';
import { freshId, NOW } from '../../support/builders.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const project = { id: '31', organizationId: '1' };

function save(readVersion: number): OwnershipSave {
  const event = ownershipChanged(['raw'], 'ownership', readVersion + 1);
  const context = { eventId: freshId(), occurredAt: NOW, requestId: 'r', actor: null };
  return {
    project,
    readVersion,
    event: toEventRecord(event, { ...context, organizationId: '1', projectId: '31' }),
  };
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
    expect(await stores.ownership.save(save(0), null, rulesOf(long))).toEqual({ committed: true });
    const read = await stores.ownership.ofProject('31');
    expect(read.version).toBe(1);
    expect(read.ownership?.raw === long).toBe(true);

    await stores.ownership.save(save(1), read.ownership, rulesOf('path:a #core'));
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
    let before: ProjectCodeowners | null = null;
    let isWriting = true;
    const writing = (async () => {
      for (const [index, text] of texts.entries()) {
        await stores.ownership.saveCodeowners(save(index), before, file(text));
        before = file(text);
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
    await stores.ownership.save(save(0), null, rulesOf('path:a #core'));
    for (const outcome of [
      await stores.ownership.save(save(0), null, rulesOf('path:b #core')),
      await stores.ownership.saveCodeowners(save(0), null, file('* a@b.c')),
      await stores.ownership.removeCodeowners(save(0), file('* a@b.c')),
    ]) {
      expect(outcome).toEqual({ committed: false, refused: ['version'] });
    }
    expect((await stores.ownership.ofProject('31')).ownership?.raw).toBe('path:a #core');
    expect(await stores.ownership.codeownersOf('31')).toEqual([]);
    expect(await stores.ownership.versionOf('31')).toBe(1);
  });

  it('to a project that is not there is refused', async () => {
    const { stores } = await worldOnFreshTable();
    const elsewhere = { ...save(0), project: { id: '77', organizationId: '1' } };
    expect(await stores.ownership.save(elsewhere, null, rulesOf('path:a #core'))).toEqual({
      committed: false,
      refused: ['project'],
    });
  });

  it('of one file leaves the others alone, and removing it too', async () => {
    const { stores } = await worldOnFreshTable();
    await stores.ownership.saveCodeowners(save(0), null, file('* a@b.c', '1'));
    await stores.ownership.saveCodeowners(save(1), null, file('* d@e.f', '2'));
    await stores.ownership.removeCodeowners(save(2), file('* a@b.c', '1'));
    expect(await stores.ownership.codeownersOf('31')).toEqual([file('* d@e.f', '2')]);
  });
});
