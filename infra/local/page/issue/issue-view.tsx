import { listOwners } from '../client/directory.ts';
import { readIssue, type WholeIssue } from '../client/issues.ts';
import { useIssueChange } from '../issues/use-issue-change.ts';
import { usePage } from '../parts/context.ts';
import { Heading } from '../parts/heading.tsx';
import { OwnerSelect } from '../parts/owner-select.tsx';
import { Failure, StatusBadge } from '../parts/status.tsx';
import { Time } from '../parts/time.tsx';
import { useChanges } from '../parts/use-feed.ts';
import { useResource } from '../parts/use-resource.ts';
import { rulesHref } from '../routes.ts';
import { ActivityList } from './activity.tsx';
import { LinkList } from './links.tsx';
import { Why } from './why.tsx';

/** One issue: what can be done with it, why it has its owner, and what happened to it. */
export function IssueView({ id }: { readonly id: string }) {
  const { connection } = usePage();
  const changes = useChanges();
  const whole = useResource(
    (signal) => readIssue(connection, id, signal),
    [connection, id, changes],
  );
  if (whole.value === undefined) {
    return (
      <>
        <Heading title="Issue" />
        {whole.isLoading ? <p>Reading {id}.</p> : null}
        <Failure sentence={whole.failure} />
      </>
    );
  }
  return <ShownIssue whole={whole.value} failure={whole.failure} reload={whole.reload} />;
}

type ShownIssueProps = {
  readonly whole: WholeIssue;
  readonly failure: string | undefined;
  readonly reload: () => void;
};

function ShownIssue({ whole, failure, reload }: ShownIssueProps) {
  const { issue, activity, explanation, links } = whole;
  return (
    <article>
      <Heading title={issue.title} />
      <p class="beside">
        {issue.shortId} in <a href={rulesHref(issue.project.slug)}>{issue.project.name}</a>
        {issue.culprit === null || issue.culprit === '' ? '' : `, ${issue.culprit}`}; {issue.count}{' '}
        {issue.count === '1' ? 'event' : 'events'}, first <Time at={issue.firstSeen} />, last{' '}
        <Time at={issue.lastSeen} />
      </p>
      <Failure sentence={failure} />
      <Actions whole={whole} reload={reload} />
      <Why explanation={explanation} />
      <section aria-labelledby="activity">
        <h2 id="activity">What happened</h2>
        <ActivityList activity={activity} />
      </section>
      <section aria-labelledby="links">
        <h2 id="links">Trackers</h2>
        <LinkList links={links} />
      </section>
    </article>
  );
}

function Actions({ whole: { issue }, reload }: Omit<ShownIssueProps, 'failure'>) {
  const { connection } = usePage();
  const owners = useResource((signal) => listOwners(connection, signal), [connection]);
  const { change, failure } = useIssueChange(reload);
  const isOpen = issue.status === 'unresolved';
  return (
    <fieldset class="selection">
      <legend>
        {issue.shortId} is <StatusBadge status={issue.status} />
      </legend>
      <OwnerSelect
        label="Owner"
        owner={issue.assignedTo}
        owners={owners.value}
        onChoose={(assignedTo) => change(issue, { assignedTo })}
      />
      {isOpen ? (
        <>
          <button type="button" onClick={() => change(issue, { status: 'resolved' })}>
            Resolve
          </button>
          <button type="button" onClick={() => change(issue, { status: 'ignored' })}>
            Ignore
          </button>
        </>
      ) : (
        <button type="button" onClick={() => change(issue, { status: 'unresolved' })}>
          Reopen
        </button>
      )}
      <Failure sentence={failure} />
    </fieldset>
  );
}
