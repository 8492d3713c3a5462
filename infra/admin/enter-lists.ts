import { enterIssueLists } from '../../shared/operations/directory/enter-issue-lists.ts';
import { createIssueListEntryStore } from '../../shared/stores/issues/issue-list-entries.ts';
import { COMMON_USAGE, readArguments, report } from './command.ts';
import { openDirectory } from './directory.ts';

export const ENTER_LISTS_USAGE = `enter-lists ${COMMON_USAGE}`;

/** `enter-lists`: enters the issues from before December 2026 in the organizations' lists. */
export async function enterLists(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {});
  const directory = await openDirectory(values);
  const { table, transact, stack } = directory;
  const issueListEntries = createIssueListEntryStore(table, transact);
  const done = [];
  for await (const { slug, entered } of enterIssueLists({ ...directory, issueListEntries })) {
    done.push({ slug, entered });
    if (!values.json) {
      console.log(`Entered ${entered} issues of ${slug}.`);
    }
  }
  return report(values, {
    lines: [`The lists of ${done.length} organizations in ${stack.name} are complete.`],
    value: done,
  });
}
