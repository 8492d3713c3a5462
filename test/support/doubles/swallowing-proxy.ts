import { connect, createServer, type Socket } from 'node:net';

/**
 * A way to a server that may be made to swallow what it is sent, as a firewall or a frozen host
 * does.
 */
export type SwallowingProxy = {
  readonly host: string;
  readonly port: number;
  /**
   * From now on nothing gets through, in either direction; new connections are taken and hear
   * nothing.
   */
  hang(): void;
  /** New connections get through again. Those that hung stay dead. */
  recover(): void;
  /**
   * Takes no connections any more and ends those that there are, as a host does whose server has
   * died.
   */
  refuse(): Promise<void>;
  /** Connections that were made so far. */
  connections(): number;
  /** Packets of clients so far, those that were swallowed included. */
  packets(): number;
  close(): Promise<void>;
};

/** Stands in front of a server on this machine. */
export async function startSwallowingProxy(target: {
  host: string;
  port: number;
}): Promise<SwallowingProxy> {
  const host = '127.0.0.1';
  const sockets = new Set<Socket>();
  let isHung = false;
  let connections = 0;
  let packets = 0;
  let ourPort = 0;

  /** A node of a cluster tells where it is, which is here for those who come this way. */
  const asOurs = (reply: Buffer) =>
    Buffer.from(
      reply.toString('latin1').replaceAll(`:${target.port}\r\n`, `:${ourPort}\r\n`),
      'latin1',
    );

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    connections += 1;
    track(client);
    client.on('data', () => {
      packets += 1;
    });
    if (isHung) {
      return;
    }
    const upstream = connect({ ...target, noDelay: true });
    track(upstream);
    client.setNoDelay(true);
    client.on('data', (chunk) => {
      if (!isHung) {
        upstream.write(chunk);
      }
    });
    upstream.on('data', (chunk) => {
      if (!isHung) {
        client.write(asOurs(chunk));
      }
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      if (!isHung) {
        client.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('No port was given.');
  }
  ourPort = address.port;

  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) {
      socket.destroy();
    }
    await closed;
  };
  return {
    host,
    port: ourPort,
    hang() {
      isHung = true;
    },
    recover() {
      isHung = false;
      for (const socket of sockets) {
        socket.destroy();
      }
    },
    refuse: close,
    connections: () => connections,
    packets: () => packets,
    close: async () => {
      if (server.listening) {
        await close();
      }
    },
  };
}
