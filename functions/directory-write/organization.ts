import { adderOf } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { parseChangedOrganization } from '../../shared/http/schemas/directory/organization.ts';
import { serializeOrganizationDetail } from '../../shared/http/serializers/directory/organization.ts';
import { readRoles } from '../../shared/operations/directory/read-directory.ts';
import { updateOrganization } from '../../shared/operations/directory/update-organization.ts';
import type { DirectoryWriteDeps } from './deps.ts';

/** Changes an organization's name, whether its membership is open, and its policy for orphans. */
export const updateOrganizationDetails: Endpoint<'updateOrganization', DirectoryWriteDeps> = async (
  deps,
  { caller, organization: { id, slug }, body, initiator, baseUrl },
) => {
  const asked = parseChangedOrganization(body, slug);
  const changed = await updateOrganization(deps, id, asked, initiator);
  const [roles, orphans] = await Promise.all([
    readRoles(deps, caller.userId, [id]),
    deps.orphans.count(id),
  ]);
  const role = roles.get(id) ?? null;
  const viewer = { role, access: caller.scopes, adder: adderOf(caller, role) };
  return { status: 200, body: serializeOrganizationDetail(changed, baseUrl, viewer, orphans) };
};
