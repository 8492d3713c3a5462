import { useState } from 'preact/hooks';
import { changeIssue, type IssueChange } from '../client/issues.ts';
import type { Issue } from '../client/types.ts';
import { usePage } from '../parts/context.ts';
import { ownerName } from '../parts/owner-select.tsx';
import { sentenceFor } from '../parts/use-resource.ts';

/** The state of an issue in a sentence. */
export function stateOf({ shortId, status, assignedTo }: StatedIssue): string {
  return `${shortId} is ${status} and owned by ${ownerName(assignedTo)}.`;
}

type StatedIssue = Pick<Issue, 'shortId' | 'status' | 'assignedTo'>;

/** Changes an issue, says what came of it, and has read again what is shown of it. */
export function useIssueChange(reload: () => void) {
  const { connection, announce } = usePage();
  const [failure, setFailure] = useState<string>();
  const change = async (issue: Pick<Issue, 'id' | 'shortId'>, wanted: IssueChange) => {
    setFailure(undefined);
    try {
      announce(stateOf({ ...issue, ...(await changeIssue(connection, issue.id, wanted)) }));
    } catch (error) {
      setFailure(`${issue.shortId}: ${sentenceFor(error)}`);
    }
    // What was refused is shown as it is, too.
    reload();
  };
  return { change, failure };
}
