import { describe, expect, it } from 'vitest';
import type { SuggestedOwner } from '../../../shared/stores/ownership/group-owners.ts';
import { NOW } from '../../support/builders.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const group = { id: '101', organizationId: '1', projectId: '31' };
const owner = (id: number, more: Partial<SuggestedOwner> = {}): SuggestedOwner => ({
  type: 'ownershipRule',
  owner: `user:${id}`,
  rule: 'path:* #core',
  commitId: null,
  dateAdded: NOW,
  ...more,
});

describe('a replacement of owners', () => {
  it('is read in the order of its types, and within one in its own', async () => {
    const { stores } = await worldOnFreshTable();
    const add = [
      owner(3, { type: 'codeowners' }),
      owner(1),
      owner(2),
      owner(9, { type: 'suspectCommit', rule: null, commitId: 'c' }),
    ];
    const before = await stores.owners.snapshot('101');
    expect(await stores.owners.replace(group, before, { remove: [], add })).toBe(true);
    const after = await stores.owners.ofGroup('101');
    expect(after.map(({ owner: who }) => who)).toEqual(['user:9', 'user:1', 'user:2', 'user:3']);
    expect(after[0]).toEqual(add[3]);
  });

  it('of what somebody else has replaced is refused', async () => {
    const { stores } = await worldOnFreshTable();
    const read = await stores.owners.snapshot('101');
    const results = await Promise.all(
      [1, 2, 3, 4].map((id) =>
        stores.owners.replace(group, read, { remove: [], add: [owner(id)] }),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await stores.owners.ofGroup('101')).toHaveLength(1);
  });

  it('may be larger than a transaction', async () => {
    const { stores } = await worldOnFreshTable();
    const add = Array.from({ length: 250 }, (_, id) => owner(id));
    await stores.owners.replace(group, await stores.owners.snapshot('101'), { remove: [], add });
    const read = await stores.owners.snapshot('101');
    expect(read.owners.map(({ owner: who }) => who)).toEqual(add.map(({ owner: who }) => who));
    const one = owner(500);
    await stores.owners.replace(group, read, { remove: read.owners, add: [one] });
    expect(await stores.owners.ofGroup('101')).toEqual([one]);
  });

  it('of a group that is not there is refused', async () => {
    const { stores } = await worldOnFreshTable();
    const read = await stores.owners.snapshot('777');
    const change = { remove: [], add: [owner(1)] };
    expect(await stores.owners.replace({ ...group, id: '777' }, read, change)).toBe(false);
    expect(await stores.owners.ofGroup('777')).toEqual([]);
  });
});
