const shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function Time({ at }: { readonly at: string }) {
  return <time dateTime={at}>{shown.format(new Date(at))}</time>;
}

export function Clock({ at }: { readonly at: string }) {
  return <time dateTime={at}>{clock.format(new Date(at))}</time>;
}
