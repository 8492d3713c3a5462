import { useEffect, useState } from 'preact/hooks';
import { type Route, routeOf } from '../routes.ts';

/** What the address of the page says to show. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = () => setHash(location.hash);
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return routeOf(hash);
}
