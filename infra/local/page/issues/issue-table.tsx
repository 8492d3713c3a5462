import type { Owners } from '../client/directory.ts';
import type { Issue } from '../client/types.ts';
import { OwnerSelect } from '../parts/owner-select.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { Time } from '../parts/time.tsx';
import { issueHref } from '../routes.ts';

type IssueTableProps = {
  readonly issues: readonly Issue[];
  readonly isBusy: boolean;
  readonly owners: Owners | undefined;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string, isSelected: boolean) => void;
  readonly onAssign: (issue: Issue, assignedTo: string | null) => void;
};

export function IssueTable({ issues, isBusy, ...row }: IssueTableProps) {
  return (
    <table aria-busy={isBusy}>
      <caption>{captionOf(issues, isBusy)}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="spoken">Selected</span>
          </th>
          <th scope="col">Issue</th>
          <th scope="col">Status</th>
          <th scope="col">Owner</th>
          <th scope="col" class="number">
            Events
          </th>
          <th scope="col">Last seen</th>
        </tr>
      </thead>
      <tbody>
        {issues.map((issue) => (
          <IssueRow key={issue.id} issue={issue} {...row} />
        ))}
      </tbody>
    </table>
  );
}

function captionOf(issues: readonly Issue[], isBusy: boolean): string {
  if (issues.length > 0) {
    return 'Seen last first.';
  }
  return isBusy ? 'Reading the issues.' : 'No issue is found.';
}

function IssueRow({
  issue,
  owners,
  selected,
  onSelect,
  onAssign,
}: Omit<IssueTableProps, 'issues' | 'isBusy'> & { readonly issue: Issue }) {
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Select ${issue.shortId}`}
          checked={selected.has(issue.id)}
          onChange={({ currentTarget }) => onSelect(issue.id, currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={issueHref(issue.id)}>{issue.title}</a>
        <span class="beside">
          {issue.shortId} in {issue.project.name}
          {issue.culprit === null || issue.culprit === '' ? '' : `, ${issue.culprit}`}
        </span>
      </th>
      <td>
        <StatusBadge status={issue.status} />
      </td>
      <td>
        <OwnerSelect
          label={`Owner of ${issue.shortId}`}
          owner={issue.assignedTo}
          owners={owners}
          onChoose={(assignedTo) => onAssign(issue, assignedTo)}
        />
      </td>
      <td class="number">{issue.count}</td>
      <td>
        <Time at={issue.lastSeen} />
      </td>
    </tr>
  );
}
