import type { Status } from '../client/types.ts';

/** The state of an issue, in a word and not in a colour alone. */
export function StatusBadge({ status }: { readonly status: Status }) {
  return <span class={`badge ${status}`}>{status}</span>;
}

export function Failure({ sentence }: { readonly sentence: string | undefined }) {
  return sentence === undefined ? null : (
    <p class="failure" role="alert">
      {sentence}
    </p>
  );
}
