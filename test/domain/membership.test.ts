import { describe, expect, it } from 'vitest';
import {
  activeMembers,
  type MemberRole,
  memberRoles,
  type Token,
  verifiedAddresses,
} from '../../shared/domain/directory.ts';
import { everBelongedTo, isOrganizationMember } from '../../shared/domain/issues/assignable.ts';
import { type Adder, mayGiveRole, reachOf } from '../../shared/domain/membership.ts';
import { member, profile, team, teamMembership, user } from '../support/builders.ts';

type Grants = Pick<Token, 'userId' | 'organizations'>;

const acme = { id: '1', slug: 'acme' };
const globex = { id: '2', slug: 'globex' };

describe('what a token reaches', () => {
  const token = (userId: string | null, ids: readonly (string | null)[]): Grants => ({
    userId,
    organizations: [acme, globex].map((organization, index) => ({
      ...organization,
      membershipId: ids[index] ?? null,
    })),
  });
  const slugs = (one: Grants, access: Parameters<typeof reachOf>[1]) =>
    reachOf(one, access).map(({ slug }) => slug);
  const inAcme = member({ id: 'm1' });
  const inGlobex = member({ id: 'm2', organizationId: '2' });

  it.each<[string, Parameters<typeof reachOf>[1], string[]]>([
    [
      'both, as a member of both',
      { isActive: true, members: [inAcme, inGlobex] },
      ['acme', 'globex'],
    ],
    ['one, having left the other', { isActive: true, members: [inGlobex] }, ['globex']],
    [
      'one, having come back to the other',
      { isActive: true, members: [member({ id: 'm9' }), inGlobex] },
      ['globex'],
    ],
    ['nothing, with an account that is switched off', { isActive: false, members: [inAcme] }, []],
    ['nothing, when the user is gone', undefined, []],
  ])('is %s', (_, access, expected) => {
    expect(slugs(token('11', ['m1', 'm2']), access)).toEqual(expected);
  });

  it('does not depend on anybody without a user', () => {
    expect(slugs(token(null, [null, null]), undefined)).toEqual(['acme', 'globex']);
  });

  it('is nothing under a membership that nobody had', () => {
    expect(slugs(token('11', [null, null]), { isActive: true, members: [inAcme] })).toEqual([]);
  });
});

describe('a role that is given', () => {
  const ranks: Readonly<Record<MemberRole, number>> = { owner: 4, manager: 3, admin: 2, member: 1 };

  it('is none above one’s own', () => {
    for (const own of memberRoles) {
      for (const given of memberRoles) {
        expect(mayGiveRole({ kind: 'user', role: own }, given), `${own} gives ${given}`).toBe(
          ranks[given] <= ranks[own],
        );
      }
    }
  });

  it.each<[string, Adder, MemberRole[]]>([
    ['a user who is no member', { kind: 'user', role: null }, []],
    ['a token without a user', { kind: 'token', isOrganizationAdmin: false }, ['member']],
    ['one with org:admin', { kind: 'token', isOrganizationAdmin: true }, [...memberRoles]],
  ])('by %s', (_, adder, expected) => {
    expect(memberRoles.filter((role) => mayGiveRole(adder, role))).toEqual(expected);
  });
});

describe('a team’s people', () => {
  const roster = {
    team: team(),
    memberships: [
      teamMembership({ userId: '11' }),
      teamMembership({ userId: '12', isActive: false }),
      teamMembership({ userId: '13' }),
    ],
  };

  it('are its active members with an active account', () => {
    expect(activeMembers(roster, new Set(['11', '12']))).toEqual(['11']);
  });
});

describe('belonging to an organization', () => {
  it.each<[string, Parameters<typeof profile>[0], boolean, boolean]>([
    ['a member', {}, true, true],
    ['a member whose account is switched off', { user: user({ isActive: false }) }, false, true],
    ['who has left', { members: [], leftOrganizationIds: ['1'] }, false, true],
    ['who has left another one', { members: [], leftOrganizationIds: ['2'] }, false, false],
    ['a stranger', { members: [member({ organizationId: '2' })] }, false, false],
  ])('is now, or was ever, true of %s', (_, given, now, ever) => {
    expect(isOrganizationMember(profile(given), '1')).toBe(now);
    expect(everBelongedTo(profile(given), '1')).toBe(ever);
  });

  it('is true of nobody who is not there', () => {
    expect(everBelongedTo(undefined, '1')).toBe(false);
  });
});

describe('verified addresses', () => {
  it('are in lower case, the primary one first', () => {
    const emails = [
      { email: 'Second@acme.io', isPrimary: false, isVerified: true },
      { email: 'unproven@acme.io', isPrimary: false, isVerified: false },
      { email: 'First@Acme.io', isPrimary: true, isVerified: true },
    ];
    expect(verifiedAddresses(user({ emails }))).toEqual(['first@acme.io', 'second@acme.io']);
  });
});
