import type { Endpoint } from '../../shared/http/api.ts';
import { parsePreview } from '../../shared/http/schemas/ownership/preview.ts';
import { serializePreview } from '../../shared/http/serializers/ownership/preview.ts';
import { namesOf } from '../../shared/operations/issues/read-issue.ts';
import { actorsOfPreview, previewRules } from '../../shared/operations/ownership/preview-rules.ts';
import type { OwnershipDeps } from './deps.ts';

/** Says what a save of the rules in the body would do. Nothing is written. */
export const previewOwnership: Endpoint<'previewOwnership', OwnershipDeps> = async (
  deps,
  { organization, params, body },
) => {
  const preview = await previewRules(deps, {
    organizationId: organization.id,
    project: params.project,
    proposal: parsePreview(body),
  });
  const names = await namesOf(deps, actorsOfPreview(preview));
  return { status: 200, body: serializePreview(preview, names) };
};
