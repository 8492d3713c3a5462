import type { Preview } from '../client/ownership.ts';
import { ownerName } from '../parts/owner-select.tsx';
import { issueHref } from '../routes.ts';

type PreviewPaneProps = { readonly preview: Preview | undefined; readonly isBusy: boolean };

/** What a save would do with the open issues of the project. */
export function PreviewPane({ preview, isBusy }: PreviewPaneProps) {
  return (
    <section aria-labelledby="preview" aria-live="polite" aria-busy={isBusy}>
      <h2 id="preview">What a save would do</h2>
      {preview === undefined ? null : <Consequences preview={preview} />}
    </section>
  );
}

function Consequences({ preview }: { readonly preview: Preview }) {
  const { checked, unchanged, moved, unowned, withoutEvent, tests, truncated } = preview;
  return (
    <>
      <p>
        Of {checked} open issues {moved.length} would move, {unchanged} would stay, and{' '}
        {unowned.length} would be nobody's by these rules. Of {withoutEvent} no event is known.
        {truncated ? ' There are more, which were not looked at.' : ''}
      </p>
      {moved.length === 0 ? null : (
        <table>
          <caption>Issues that would move</caption>
          <thead>
            <tr>
              <th scope="col">Issue</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Rule</th>
            </tr>
          </thead>
          <tbody>
            {moved.map(({ issue, shortId, from, to, rule }) => (
              <tr key={issue}>
                <th scope="row">
                  <a href={issueHref(issue)}>{shortId}</a>
                </th>
                <td>{ownerName(from)}</td>
                <td>{ownerName(to)}</td>
                <td>
                  <code>{rule}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {tests.length === 0 ? null : (
        <ul>
          {tests.map(({ name, passed }) => (
            <li key={name}>
              Test {name}: {passed ? 'passes' : 'fails'}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
