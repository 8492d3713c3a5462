import type { GroupId } from '../../../domain/ids.ts';

/** Where the links of an answer lead. */
export type IssueLinks = { readonly baseUrl: string; readonly organizationSlug: string };

/** Where people find an issue. */
export function permalinkOf(groupId: GroupId, { baseUrl, organizationSlug }: IssueLinks): string {
  return `${baseUrl}/organizations/${organizationSlug}/issues/${groupId}/`;
}
