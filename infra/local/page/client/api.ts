import { sentenceOf } from './sentence.ts';

/** Who asks, and where: the chosen token, and the chosen organization. */
export type Connection = { readonly token: string; readonly organization: string };

export type Request = {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal;
};

export type Answer<T> = { readonly body: T; readonly headers: Headers };

/**
 * Calls the product's own API as anybody does. The token goes to the origin of this page only.
 *
 * @throws Error with the API's own words, for people
 */
export async function call<T>(
  token: string,
  path: string,
  { method = 'GET', body, ifMatch, signal }: Request = {},
): Promise<Answer<T>> {
  const response = await fetch(`/api/0${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    credentials: 'omit',
  });
  const text = await response.text();
  const answered: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) {
    throw new Error(sentenceOf(answered) ?? `The API answered ${response.status}.`);
  }
  return { body: answered as T, headers: response.headers };
}
