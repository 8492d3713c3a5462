import { type RunningServer, readText, startServer } from './double-server.ts';

/** What the next request meets instead of the tracker. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection is cut. */
  | { readonly kind: 'cut' }
  /** Nobody ever answers. */
  | { readonly kind: 'silence' }
  /** What was asked for is done, and the answer gets lost. */
  | { readonly kind: 'swallow' }
  | { readonly kind: 'slow'; readonly delayMs: number };

export type FaultProxy = RunningServer & {
  /** Applies to the next request only, once for each call. */
  readonly arm: (fault: Fault) => void;
  /** Forgets what was armed and not met. */
  readonly disarm: () => void;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    /** Milliseconds since 1970. */
    readonly atMs: number;
  }[];
};

/** Stands before a tracker and passes everything on, but for the faults that were armed. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const armed: Fault[] = [];
  const requests: { method: string; path: string; atMs: number }[] = [];
  const server = await startServer(async (message, response) => {
    const method = message.method ?? 'GET';
    const path = message.url ?? '/';
    requests.push({ method, path, atMs: Date.now() });
    const fault = armed.shift();
    if (fault?.kind === 'silence') {
      return;
    }
    if (fault?.kind === 'cut') {
      response.destroy();
      return;
    }
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(fault.body ?? '{}');
      return;
    }
    if (fault?.kind === 'slow') {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    }
    const { host: _host, connection: _connection, ...headers } = message.headers;
    const text = await readText(message);
    const passed = await fetch(`${targetUrl}${path}`, {
      method,
      headers: headers as Record<string, string>,
      redirect: 'manual',
      ...(method === 'GET' || text === '' ? {} : { body: text }),
    });
    const answer = await passed.text();
    if (fault?.kind === 'swallow') {
      response.destroy();
      return;
    }
    const {
      'content-encoding': _encoding,
      'content-length': _length,
      ...kept
    } = Object.fromEntries(passed.headers);
    response.writeHead(passed.status, kept);
    response.end(answer);
  });
  return {
    ...server,
    requests,
    arm: (fault) => void armed.push(fault),
    disarm: () => void armed.splice(0),
  };
}
