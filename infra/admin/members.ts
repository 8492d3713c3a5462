import { type MemberRole, memberRoles } from '../../shared/domain/directory.ts';
import { deleteMember } from '../../shared/operations/directory/delete-member.ts';
import { enrollMember } from '../../shared/operations/directory/enroll-member.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required } from './command.ts';
import { findOrganization, findTeamIds, findUser, openDirectory } from './directory.ts';

export const members = commandOf('members', { add, remove }, [
  [
    `members add --organization ORG --user USER [--role ${memberRoles.join('|')}] ` +
      `[--team TEAM ...] ${COMMON_USAGE}`,
    'makes a user a member, `member` unless said otherwise, and puts them into teams',
  ],
  [
    `members remove --organization ORG --user USER ${COMMON_USAGE}`,
    'ends a membership, those in teams, and the tokens that were made under it',
  ],
]);

const WHO = { organization: { type: 'string' }, user: { type: 'string' } } as const;

async function add(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    ...WHO,
    role: { type: 'string' },
    team: { type: 'string', multiple: true },
  });
  const role = roleOf(values.role ?? 'member');
  const { directory, organization, user } = await find(values);
  const teamIds = await findTeamIds(directory, organization, values.team ?? []);
  await enrollMember(directory, {
    organizationId: organization.id,
    userId: user.id,
    role,
    teamIds: [...new Set(teamIds)],
  });
  return report(values, {
    lines: [
      `${user.username} (${user.id}) is a member of ${organization.slug} as ${role} ` +
        `in ${directory.stack.name}.`,
    ],
    value: { user: user.id, organization: organization.slug, role, teams: teamIds },
  });
}

async function remove(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, WHO);
  const { directory, organization, user } = await find(values);
  await deleteMember(
    {
      ...directory,
      // The cache of the stage cannot be reached from here; events update it.
      ownershipCache: { invalidateOrganization: async () => ({ ok: true, value: 0 }) },
      log: { info() {}, warn() {}, error() {} },
      count() {},
    },
    {
      organizationId: organization.id,
      memberId: user.id,
      initiator: { actingUserId: null, requestId: `member-${user.id}` },
    },
  );
  return report(values, {
    lines: [
      `${user.username} (${user.id}) is no member of ${organization.slug} ` +
        `in ${directory.stack.name} any more.`,
    ],
    value: { user: user.id, organization: organization.slug },
  });
}

async function find(values: {
  readonly organization?: string | undefined;
  readonly user?: string | undefined;
  readonly stage?: string | undefined;
  readonly url?: string | undefined;
}) {
  const reference = required(values.organization, 'Name an organization with --organization.');
  const who = required(values.user, 'Name a user with --user.');
  const directory = await openDirectory(values);
  const organization = await findOrganization(directory, reference);
  return { directory, organization, user: await findUser(directory, who) };
}

function roleOf(text: string): MemberRole {
  const role = memberRoles.find((one) => one === text);
  if (role === undefined) {
    throw new Error(`There is no role ${text}; the roles are ${memberRoles.join(', ')}.`);
  }
  return role;
}
