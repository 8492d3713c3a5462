import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Connection } from '../client/api.ts';
import type { Feed } from '../client/feed.ts';

/** What every part of the page can ask for. */
export type PageContext = {
  readonly connection: Connection;
  readonly feed: Feed;
  /** Says a sentence to people who do not see what changed, and shows it to those who do. */
  readonly announce: (sentence: string) => void;
};

export const Page = createContext<PageContext | null>(null);

export function usePage(): PageContext {
  const page = useContext(Page);
  if (page === null) {
    throw new Error('This part is outside of the page.');
  }
  return page;
}
