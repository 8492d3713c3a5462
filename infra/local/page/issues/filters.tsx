import { useEffect, useState } from 'preact/hooks';
import type { Owners } from '../client/directory.ts';
import { type Filter, filterOf, queryOf } from './filter-query.ts';

type FiltersProps = {
  readonly query: string;
  readonly owners: Owners | undefined;
  readonly onSearch: (query: string) => void;
};

/** The search: a state, an owner, and everything else that `query` takes as text. */
export function Filters({ query, owners, onSearch }: FiltersProps) {
  const [filter, setFilter] = useState(() => filterOf(query));
  useEffect(() => setFilter(filterOf(query)), [query]);
  const search = (next: Filter) => {
    setFilter(next);
    onSearch(queryOf(next));
  };
  return (
    <search>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          search(filter);
        }}
      >
        <label>
          Status{' '}
          <select
            value={filter.status}
            onChange={({ currentTarget }) => search({ ...filter, status: currentTarget.value })}
          >
            <option value="">any</option>
            <option value="unresolved">unresolved</option>
            <option value="resolved">resolved</option>
            <option value="ignored">ignored</option>
          </select>
        </label>
        <label>
          Owner{' '}
          <select
            value={filter.owner}
            onChange={({ currentTarget }) => search({ ...filter, owner: currentTarget.value })}
          >
            <option value="">anybody</option>
            <option value="me">me</option>
            <option value="my_teams">my teams</option>
            <option value="none">nobody</option>
            {owners?.teams.map(({ id, slug }) => (
              <option key={id} value={`#${slug}`}>
                #{slug}
              </option>
            ))}
          </select>
        </label>
        <label class="wide">
          Search{' '}
          <input
            type="search"
            value={filter.text}
            placeholder="TypeError, project:shop, lastSeen:-24h"
            onInput={({ currentTarget }) => setFilter({ ...filter, text: currentTarget.value })}
          />
        </label>
        <button type="submit">Search</button>
      </form>
    </search>
  );
}
