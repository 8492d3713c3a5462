import { adderOf, hasScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseChangedMember } from '../../shared/http/schemas/directory/member.ts';
import { serializeMemberDetail } from '../../shared/http/serializers/directory/member.ts';
import { readRoles } from '../../shared/operations/directory/read-directory.ts';
import { readMember } from '../../shared/operations/directory/read-member.ts';
import { updateMember } from '../../shared/operations/directory/update-member.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Changes the role of a member, or of who is pending, and the teams that they are in. */
export const updateOrganizationMember: Endpoint<'updateMember', DirectoryWriteDeps> = async (
  deps,
  { caller, organization: { id }, params, body, initiator },
) => {
  await updateMember(deps, {
    organizationId: id,
    memberId: params.member,
    ...parseChangedMember(body),
    isOrganizationAdmin: hasScope(caller, 'org:admin'),
    initiator,
  });
  const [found, roles] = await Promise.all([
    readMember(deps, id, params.member),
    readRoles(deps, caller.userId, [id]),
  ]);
  const adder = adderOf(caller, roles.get(id) ?? null);
  return { status: 200, body: serializeMemberDetail(found, adder) };
};
