import type { Impact } from '../../../operations/ownership/holders/describe-impact.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { serializeIssueInList } from './issue-in-list.ts';

/** What somebody holds, and where it would go without them. */
export function serializeImpact({ orphanPolicy, held, owned, issues, names }: Impact) {
  return {
    orphanPolicy,
    held,
    owned,
    issues: issues.map(({ group, project, to, rule }) => ({
      issue: serializeIssueInList(group, project),
      to: to === null ? null : serializeActor(namedActor(to, names)),
      rule,
    })),
  };
}
