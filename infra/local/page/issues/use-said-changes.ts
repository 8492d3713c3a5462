import { useEffect, useRef } from 'preact/hooks';
import type { Issue } from '../client/types.ts';
import { usePage } from '../parts/context.ts';
import { stateOf } from './use-issue-change.ts';

/** Of many changes, so many are said. */
const MOST_SAID = 3;

/** Says what has changed in a list, to people who do not see it change. */
export function useSaidChanges(issues: readonly Issue[] | undefined): void {
  const { announce } = usePage();
  const states = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (issues === undefined) {
      return;
    }
    const changed = issues.filter((issue) => {
      const before = states.current.get(issue.id);
      return before !== undefined && before !== stateOf(issue);
    });
    states.current = new Map(issues.map((issue) => [issue.id, stateOf(issue)]));
    if (changed.length > 0) {
      const said = changed.slice(0, MOST_SAID).map(stateOf).join(' ');
      announce(changed.length > MOST_SAID ? `${said} And more.` : said);
    }
  }, [issues, announce]);
}
