import type { IncomingMessage } from 'node:http';

/** The names of this machine that a browser may know the stack by. */
const OWN_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Why a page of another origin may not have this address of the stack, which would tell it tokens
 * and what the stack does; undefined for programs, for pages of the stack itself, and for a person
 * who follows a link to it.
 *
 * A browser says in `Sec-Fetch-Site` and `Origin` which page asks. A page whose own name was made
 * to lead to this machine (DNS rebinding) is of the same origin for its browser, and is known by
 * the `Host` that it asks for.
 */
export function refusalOfOrigin({
  headers,
  method,
}: Pick<IncomingMessage, 'headers' | 'method'>): string | undefined {
  const { host = '', origin } = headers;
  if (!OWN_NAMES.has(host.replace(/:\d+$/, ''))) {
    return `The local stack is not ${host}: ask for it as 127.0.0.1 or localhost.`;
  }
  const isOther = origin !== undefined && origin !== `http://${host}`;
  return isOther || isOfAnotherSite(headers, method)
    ? 'Pages of other origins may not use the addresses of the local stack.'
    : undefined;
}

/** Whether a page of another origin asks, and does not lead a person here. */
function isOfAnotherSite(headers: IncomingMessage['headers'], method: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') {
    return false;
  }
  const isVisit = method === 'GET' && headers['sec-fetch-dest'] === 'document';
  return !isVisit;
}
