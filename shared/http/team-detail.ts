import type { Team } from '../domain/directory.ts';
import { notFound } from '../domain/errors.ts';
import {
  describeTeams,
  type ReadDirectoryDeps,
  readOrganization,
} from '../operations/directory/read-directory.ts';
import type { ApiReply, ApiRequest } from './endpoint.ts';
import { pageOf } from './pagination.ts';
import { bySearch, named } from './search.ts';
import { serializeOrganization } from './serializers/directory/organization.ts';
import { serializeTeam } from './serializers/directory/team.ts';

type TeamReplyDeps = Pick<ReadDirectoryDeps, 'organizations' | 'teams' | 'users'>;

/** The body of an answer that shows one team in full. Two round trips. */
export async function teamDetailReply(
  deps: TeamReplyDeps,
  { caller, baseUrl }: Pick<ApiRequest, 'caller' | 'baseUrl'>,
  given: Team,
) {
  const [organization, [described]] = await Promise.all([
    readOrganization(deps, given.organizationId),
    describeTeams(deps, [given], caller.userId),
  ]);
  if (described === undefined) {
    throw notFound();
  }
  const { team, ...members } = described;
  return {
    ...serializeTeam(team, members, caller.scopes),
    organization: serializeOrganization(organization, baseUrl),
  };
}

/** One page of teams, those that the request searches for. */
export async function teamsReply(
  deps: TeamReplyDeps,
  request: ApiRequest,
  teams: readonly Team[],
): Promise<ApiReply> {
  const { caller, query } = request;
  const { page, headers } = pageOf(request, teams.filter(bySearch(query.get('query'), named)));
  const described = await describeTeams(deps, page, caller.userId);
  return {
    status: 200,
    headers,
    body: described.map(({ team, ...members }) => serializeTeam(team, members, caller.scopes)),
  };
}
