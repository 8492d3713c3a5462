import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const NAME = 'Baton on this machine';

/** The heading of a view: it gets the focus when the view is opened, and names the window. */
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
    heading.current?.focus();
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
