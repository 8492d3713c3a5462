import { useState } from 'preact/hooks';
import { listOwners } from '../client/directory.ts';
import { listIssues } from '../client/issues.ts';
import { usePage } from '../parts/context.ts';
import { Heading } from '../parts/heading.tsx';
import { Failure } from '../parts/status.tsx';
import { useChanges } from '../parts/use-feed.ts';
import { useResource } from '../parts/use-resource.ts';
import { issuesHref } from '../routes.ts';
import { Filters } from './filters.tsx';
import { IssueTable } from './issue-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useIssueChange } from './use-issue-change.ts';
import { useSaidChanges } from './use-said-changes.ts';

/** The issues that a search finds, which follow what happens to them. */
export function IssuesView({ query }: { readonly query: string }) {
  const { connection } = usePage();
  const changes = useChanges();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const cursor = cursors.at(-1);
  const owners = useResource((signal) => listOwners(connection, signal), [connection]);
  const page = useResource(
    (signal) => listIssues(connection, { query, cursor }, signal),
    [connection, query, cursor, changes],
  );
  useSaidChanges(page.value?.issues);
  const { change, failure } = useIssueChange(page.reload);
  const issues = page.value?.issues ?? [];
  // What has left the list meanwhile is selected no more.
  const chosen = issues.filter(({ id }) => selected.has(id));
  return (
    <>
      <Heading title="Issues" />
      <Filters
        query={query}
        owners={owners.value}
        onSearch={(next) => {
          setCursors([]);
          location.hash = issuesHref(next);
        }}
      />
      <Failure sentence={page.failure ?? failure ?? owners.failure} />
      <SelectionBar
        chosen={chosen}
        onDone={() => {
          setSelected(new Set());
          page.reload();
        }}
      />
      <IssueTable
        issues={issues}
        isBusy={page.isLoading}
        owners={owners.value}
        selected={selected}
        onSelect={(id, isSelected) => setSelected(withMember(selected, id, isSelected))}
        onAssign={(issue, assignedTo) => change(issue, { assignedTo })}
      />
      <nav class="pages" aria-label="Pages">
        <button
          type="button"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          Previous
        </button>
        <button
          type="button"
          disabled={page.value?.next === undefined}
          onClick={() => setCursors([...cursors, ...(page.value?.next ? [page.value.next] : [])])}
        >
          Next
        </button>
      </nav>
    </>
  );
}

function withMember(set: ReadonlySet<string>, id: string, isMember: boolean): ReadonlySet<string> {
  return new Set(isMember ? [...set, id] : [...set].filter((other) => other !== id));
}
