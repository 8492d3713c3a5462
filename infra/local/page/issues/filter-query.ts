/** What a search asks for, in the parts that the form has controls for. */
export type Filter = {
  /** A word of `is:`; empty for any state. */
  readonly status: string;
  /** A word of `assigned:`; empty for any owner. */
  readonly owner: string;
  /** Everything else of the search, as people type it. */
  readonly text: string;
};

const statusWord = /^is:(unresolved|resolved|ignored)$/;
const ownerWord = /^assigned:(me|my_teams|none|#[\w-]+)$/;

/** Takes a search apart. Of two words about the same, the second stays in the text. */
export function filterOf(query: string): Filter {
  const words = query.match(/(?:"[^"]*"|\[[^\]]*\]|\S)+/g) ?? [];
  const status = words.findIndex((word) => statusWord.test(word));
  const owner = words.findIndex((word) => ownerWord.test(word));
  return {
    status: statusWord.exec(words[status] ?? '')?.[1] ?? '',
    owner: ownerWord.exec(words[owner] ?? '')?.[1] ?? '',
    text: words.filter((_, index) => index !== status && index !== owner).join(' '),
  };
}

/** The search that the API takes. */
export function queryOf({ status, owner, text }: Filter): string {
  return [status && `is:${status}`, owner && `assigned:${owner}`, text.trim()]
    .filter(Boolean)
    .join(' ');
}
