import { type RunningServer, readText, startServer } from './double-server.ts';

type Delivery = { readonly headers: Record<string, string>; readonly body: string };

export type DeliveryProxy = RunningServer & {
  /** Deliveries that wait, the oldest first. */
  readonly held: readonly Delivery[];
  /** Whether deliveries wait here or go straight on. */
  hold(on: boolean): void;
  /** Sends what waits, in the order and as often as `choose` says. */
  release(choose: (held: readonly Delivery[]) => readonly Delivery[]): Promise<void>;
};

/** Stands between a tracker and its webhooks: holds them up, mixes them, doubles and loses them. */
export async function startDeliveryProxy(targetUrl: () => string): Promise<DeliveryProxy> {
  const held: Delivery[] = [];
  let isHolding = false;

  async function send({ headers, body }: Delivery): Promise<void> {
    const answer = await fetch(targetUrl(), { method: 'POST', headers, body });
    if (answer.status !== 202) {
      throw new Error(`A webhook was answered with ${answer.status}.`);
    }
  }

  const server = await startServer(async (message, response) => {
    const { host: _host, connection: _connection, ...headers } = message.headers;
    const delivery = {
      headers: headers as Record<string, string>,
      body: await readText(message),
    };
    if (isHolding) {
      held.push(delivery);
    } else {
      await send(delivery);
    }
    response.writeHead(202).end();
  });

  return {
    ...server,
    held,
    hold(on) {
      isHolding = on;
    },
    async release(choose) {
      const chosen = choose(held.splice(0));
      for (const delivery of chosen) {
        await send(delivery);
      }
    },
  };
}
