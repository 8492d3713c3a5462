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
  /** Commands of clients so far, and bytes in both directions. */
  traffic(): Traffic;
  close(): Promise<void>;
};

type Traffic = {
  readonly commands: number;
  readonly sent: number;
  readonly answered: number;
};

/** The head of a command in the protocol of Redis: an array, whose first part is a text. */
const COMMAND = /(?:^|\r\n)\*\d+\r\n\$/g;

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
  const traffic = { commands: 0, sent: 0, answered: 0 };
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
    client.on('data', (chunk) => {
      packets += 1;
      traffic.sent += chunk.length;
      traffic.commands += chunk.toString('latin1').match(COMMAND)?.length ?? 0;
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
      traffic.answered += chunk.length;
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
    traffic: () => ({ ...traffic }),
    close: async () => {
      if (server.listening) {
        await close();
      }
    },
  };
}
