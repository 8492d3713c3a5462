import type { Activity } from '../client/types.ts';

const sentences: Readonly<Record<string, string>> = {
  first_seen: 'was seen for the first time',
  unassigned: 'took it from its owner',
  set_resolved: 'resolved it',
  set_resolved_in_release: 'resolved it in a release',
  set_resolved_in_commit: 'resolved it in a commit',
  set_unresolved: 'opened it again',
  set_regression: 'opened it again, as it has come back',
  set_ignored: 'ignored it',
  set_public: 'made it public',
  set_private: 'made it private',
  set_priority: 'changed its priority',
  mark_reviewed: 'reviewed it',
  note: 'wrote a note',
};

/** An activity as a sentence about who did what; Baton did what nobody did. */
export function activityText({ type, user, data }: Activity): string {
  if (type === 'first_seen') {
    return `It ${sentences.first_seen}.`;
  }
  return `${user?.name ?? 'Baton'} ${deedOf(type, data)}.`;
}

function deedOf(type: string, data: Activity['data']): string {
  switch (type) {
    case 'assigned':
      return `gave it to ${assigneeOf(data)}${reasonOf(data)}`;
    case 'merge':
      return `merged ${textsOf(data.issues) || 'other issues'} into it`;
    case 'note':
      return typeof data.text === 'string' ? `wrote: ${data.text}` : 'wrote a note';
    default:
      return sentences[type] ?? type.replaceAll('_', ' ');
  }
}

function assigneeOf({ assigneeType, assigneeName, assignee }: Activity['data']): string {
  const name = String(assigneeName ?? assignee);
  return assigneeType === 'team' ? `#${name}` : name;
}

function reasonOf({ rule }: Activity['data']): string {
  return typeof rule === 'string' ? `, by the rule ${rule}` : '';
}

/** The titles of merged issues, where they are told. */
function textsOf(issues: unknown): string {
  return Array.isArray(issues)
    ? issues.flatMap((issue: { title?: unknown }) => issue?.title ?? []).join(', ')
    : '';
}
