import type { Link } from '../client/types.ts';

/** The issues of trackers that are kept in step with this one. */
export function LinkList({ links }: { readonly links: readonly Link[] }) {
  if (links.length === 0) {
    return <p>The issue is linked to no tracker.</p>;
  }
  return (
    <ul>
      {links.map(({ id, provider, key, webUrl, status, lastError }) => (
        <li key={id}>
          {webUrl === null ? key : <a href={webUrl}>{key}</a>} at {provider}: {status}
          {lastError === null ? null : <span class="failure">{lastError}</span>}
        </li>
      ))}
    </ul>
  );
}
