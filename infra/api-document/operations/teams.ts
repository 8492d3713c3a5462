import { newTeam, renamedTeam } from '../../../shared/http/schemas/directory/team.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

/** What the API document says of teams. */
export const TEAM_OPERATIONS = {
  listOrganizationTeams: {
    tag: 'Teams',
    summary: 'List the teams of an organization.',
    query: PAGED,
    description: 'With how many members each has, and whether the token’s user is one.',
    example: {},
  },
  listProjectTeams: {
    tag: 'Teams',
    summary: 'List the teams of a project.',
    query: PAGED,
    description: 'Issues of the project can be assigned to these.',
    example: {},
  },
  getTeam: {
    tag: 'Teams',
    summary: 'Read one team.',
    description: 'With its organization.',
    example: {},
  },
  listTeamMembers: {
    tag: 'Teams',
    summary: 'List the members of a team.',
    query: PAGED,
    description: 'Each with their role in the team.',
    example: {},
  },
  listTeamProjects: {
    tag: 'Teams',
    summary: 'List the projects of a team.',
    query: PAGED,
    description: 'Projects that are being deleted are not among them.',
    example: {},
  },
  createTeam: {
    tag: 'Teams',
    summary: 'Create a team.',
    body: newTeam,
    refusals: ['ids.exhausted', 'ids.unavailable'],
    description: 'A name, a slug, or both. The token’s user becomes its first member.',
    example: { body: { name: 'Payments' } },
  },
  updateTeam: {
    tag: 'Teams',
    summary: 'Change the name and the slug of a team.',
    body: renamedTeam,
    description: 'Rules that name the team by its slug have to be changed as well.',
    example: { path: { team: made('createTeam', 'slug') }, body: { name: 'Payments and refunds' } },
  },
  deleteTeam: {
    tag: 'Teams',
    summary: 'Delete a team; its issues are unassigned.',
    description: 'It is gone when the answer arrives; its issues are unassigned afterwards.',
    example: { path: { team: made('createTeam', 'slug') } },
  },
  addProjectTeam: {
    tag: 'Teams',
    summary: 'Add a team to a project.',
    description: 'A team that the project has already is no error.',
    example: { path: { team: 'web' } },
  },
  removeProjectTeam: {
    tag: 'Teams',
    summary: 'Remove a team from a project.',
    description: 'Issues that are assigned to the team stay so.',
    example: { path: { team: 'web' }, after: ['addProjectTeam'] },
  },
} as const satisfies Documentation;
