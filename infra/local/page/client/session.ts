/** With what the page begins. The stack answers it to pages of its own origin only. */
export type Session = {
  readonly baseUrl: string;
  readonly tokens: readonly { readonly token: string; readonly holder: string | null }[];
};

export async function readSession(): Promise<Session> {
  const response = await fetch('/_local/session', { credentials: 'omit' });
  if (!response.ok) {
    throw new Error(`The local stack answered ${response.status}.`);
  }
  return response.json() as Promise<Session>;
}
