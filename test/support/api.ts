/** An answer of the API, read to its end. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire holds.
  readonly body: any;
};

export type CallOptions = {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A client of one stack that calls as `baton_local_alice` unless told otherwise; null calls without
 * a token.
 */
export function apiOf(url: string) {
  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token = 'baton_local_alice', body } = options;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      redirect: 'manual',
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  return {
    call,
    get: (path: string, options?: CallOptions) => call('GET', path, options),
    put: (path: string, body: unknown, options?: CallOptions) =>
      call('PUT', path, { ...options, body }),
    post: (path: string, body: unknown, options?: CallOptions) =>
      call('POST', path, { ...options, body }),
    delete: (path: string, options?: CallOptions) => call('DELETE', path, options),

    /** Waits until everything that the calls so far have caused is done. */
    async idle(): Promise<void> {
      let last: unknown;
      // Each look waits for half a minute, which is long only on a machine that is not busy.
      for (let look = 0; look < 20; look++) {
        const { status, body } = await call('GET', '/_local/idle', { token: null });
        if (status === 200) {
          return;
        }
        last = body;
      }
      throw new Error(`The stack is still busy: ${JSON.stringify(last)}`);
    },

    /** The events on the bus so far, those of one type where one is named. */
    async events(type?: string): Promise<BusEnvelope[]> {
      const { body } = await call('GET', '/_local/events', { token: null });
      const events = body as BusEnvelope[];
      return type === undefined ? events : events.filter((event) => event['detail-type'] === type);
    },

    /** How often a metric was counted, with the dimensions that are named. */
    async counted(name: string, dimensions: Record<string, string> = {}): Promise<number> {
      const { body } = await call('GET', '/_local/metrics', { token: null });
      return (body as Metric[])
        .filter(
          (metric) =>
            metric.name === name &&
            Object.entries(dimensions).every(([key, value]) => metric.dimensions[key] === value),
        )
        .reduce((sum, metric) => sum + metric.value, 0);
    },
  };
}

export type Api = ReturnType<typeof apiOf>;

type Metric = { name: string; dimensions: Record<string, string>; value: number };

export type BusEnvelope = {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire holds.
  readonly detail: any;
};
