import type { Endpoint } from '../../shared/http/api.ts';
import { linkHeader, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { serializeOrphan } from '../../shared/http/serializers/ownership/orphan.ts';
import { listOrphans } from '../../shared/operations/ownership/holders/list-orphans.ts';
import type { GroupReadDeps } from './deps.ts';

/** Lists the open issues of an organization whose holder may not hold them. */
export const listOrphanedAssignments: Endpoint<'listOrphanedAssignments', GroupReadDeps> = async (
  deps,
  request,
) => {
  const cursor = readCursor(request.query);
  const found = await listOrphans(deps, {
    organizationId: request.organization.id,
    limit: readLimit(request.query),
    ...(cursor === null ? {} : { from: cursor.position, backwards: cursor.backwards }),
  });
  return {
    status: 200,
    headers: { Link: linkHeader(request, found), 'X-Total-Count': String(found.total) },
    body: found.orphans.map((orphan) => serializeOrphan(orphan, found.names)),
  };
};
