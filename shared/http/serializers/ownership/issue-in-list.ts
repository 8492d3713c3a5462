import type { IssueRow } from '../../../operations/issues/read-issue.ts';

/** An issue as lists about holders name it. */
export function serializeIssueInList(group: IssueRow['group'], project: IssueRow['project']) {
  return {
    id: group.id,
    shortId: group.shortId,
    title: group.title,
    project: {
      id: project.id,
      name: project.name,
      slug: project.slug,
      platform: project.platform,
    },
  };
}
