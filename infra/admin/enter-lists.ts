import { enterIssueLists } from '../../shared/operations/directory/enter-issue-lists.ts';
import { createIssueListEntryStore } from '../../shared/stores/issues/issue-list-entries.ts';
import { progressFor } from '../terminal/progress.ts';
import { COMMON_USAGE, readArguments, report } from './command.ts';
import { openDirectory } from './directory.ts';

export const ENTER_LISTS_USAGE = `enter-lists ${COMMON_USAGE}`;

/** `enter-lists`: enters the issues from before December 2026 in the organizations' lists. */
export async function enterLists(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {});
  const directory = await openDirectory(values);
  const { table, transact, stack } = directory;
  const issueListEntries = createIssueListEntryStore(table, transact);
  const progress = progressFor(values);
  progress.step('Entering issues in the lists of their organizations');
  let total = 0;
  const onEntered = (issues: number) => {
    total += issues;
    progress.count(total);
  };
  const done = [];
  const entering = enterIssueLists({ ...directory, issueListEntries, onEntered });
  for await (const { slug, entered } of entering) {
    done.push({ slug, entered });
    progress.say(`Entered ${entered} issues of ${slug}.`);
  }
  progress.end();
  return report(values, {
    lines: [`The lists of ${done.length} organizations in ${stack.name} are complete.`],
    value: done,
  });
}
