import { useState } from 'preact/hooks';
import { changeIssues } from '../client/issues.ts';
import type { Issue } from '../client/types.ts';
import { usePage } from '../parts/context.ts';
import { Failure } from '../parts/status.tsx';
import { sentenceFor } from '../parts/use-resource.ts';

type SelectionBarProps = { readonly chosen: readonly Issue[]; readonly onDone: () => void };

/** What can be done with several issues together. */
export function SelectionBar({ chosen, onDone }: SelectionBarProps) {
  const { connection, announce } = usePage();
  const [failure, setFailure] = useState<string>();
  const names = chosen.map(({ shortId }) => shortId).join(', ');
  const change = async (wanted: Parameters<typeof changeIssues>[2], done: string) => {
    setFailure(undefined);
    try {
      await changeIssues(
        connection,
        chosen.map(({ id }) => id),
        wanted,
      );
      announce(`${names} ${done}.`);
      onDone();
    } catch (error) {
      setFailure(sentenceFor(error));
    }
  };
  return (
    <fieldset class="selection">
      <legend>{chosen.length === 0 ? 'No issue is selected' : `Selected: ${names}`}</legend>
      <button
        type="button"
        disabled={chosen.length === 0}
        onClick={() => change({ status: 'resolved' }, 'resolved')}
      >
        Resolve
      </button>
      <button
        type="button"
        disabled={chosen.length < 2}
        onClick={() => change({ merge: true }, 'merged')}
      >
        Merge
      </button>
      <Failure sentence={failure} />
    </fieldset>
  );
}
