import { smallWorld } from '../world.ts';

/** Users who are in no other team, by their ids. */
export function crowdOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(1000 + index));
}

/** The people of the small world, and the team 77 `crowd` of all of these users. */
export function peopleWithCrowd(crowd: readonly string[]) {
  return {
    users: [
      ...smallWorld.users,
      ...crowd.map((id) => ({ id, username: `user${id}`, name: `User ${id}`, emails: [] })),
    ],
    members: [
      ...smallWorld.members,
      ...crowd.map((user) => ({ organization: 'acme', user, role: 'member' as const })),
    ],
    teams: [
      ...smallWorld.teams,
      {
        id: '77',
        organization: 'acme',
        slug: 'crowd',
        name: 'Crowd',
        members: crowd.map((user) => ({ user, isActive: true })),
      },
    ],
  };
}
