import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const NAME = 'Baton on this machine';

/** Whether somebody has gone on from the view that the page began with. */
let hasNavigated = false;
addEventListener('hashchange', () => {
  hasNavigated = true;
});

/** The heading of a view: it gets the focus when somebody goes there, and names the window. */
export function Heading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${NAME}`;
  }, [title]);
  useEffect(() => {
    if (hasNavigated) {
      heading.current?.focus();
    }
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
