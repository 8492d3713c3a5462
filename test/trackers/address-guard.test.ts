import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { baseUrlProblem, isAllowedAddress } from '../../shared/trackers/address-guard.ts';
import { createGuardedFetch, type Fetch } from '../../shared/trackers/guarded-fetch.ts';
import { type RunningServer, startServer } from '../support/trackers/double-server.ts';

const publicOnly = { allowPrivateAddress: false };
const selfHosted = { allowPrivateAddress: true };

describe('an address', () => {
  it.each([
    ['a public one', '140.82.121.6'],
    ['a public one just beyond a private range', '172.32.0.1'],
    ['a public one just below a private range', '9.255.255.255'],
    ['a public IPv6 one', '2606:50c0:8000::154'],
  ])('may be called: %s, %s', (_, address) => {
    expect(isAllowedAddress(address, publicOnly)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere in its range', '127.8.9.10'],
    ['loopback in IPv6', '::1'],
    ['a private class A', '10.1.2.3'],
    ['a private class B', '172.16.0.1'],
    ['the end of the private class B', '172.31.255.255'],
    ['a private class C', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['a unique local IPv6', 'fd12:3456:789a::1'],
  ])('is inside a network, for whoever opted in: %s, %s', (_, address) => {
    expect(isAllowedAddress(address, publicOnly)).toBe(false);
    expect(isAllowedAddress(address, selfHosted)).toBe(true);
  });

  it.each([
    ['the metadata service', '169.254.169.254'],
    ['the metadata service mapped into IPv6', '::ffff:169.254.169.254'],
    ['loopback mapped into IPv6', '::ffff:127.0.0.1'],
    ['loopback mapped into IPv6, in hexadecimal', '::ffff:7f00:1'],
    ['loopback mapped into IPv6, spelled out', '0:0:0:0:0:ffff:7f00:0001'],
    ['a private one mapped into IPv6', '::ffff:10.0.0.1'],
    ['a public one mapped into IPv6', '::ffff:140.82.121.6'],
    ['a public one translated into IPv6', '::ffff:0:140.82.121.6'],
    ['loopback translated into IPv6', '::ffff:0:7f00:1'],
    ['the metadata service behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['the metadata service inside 6to4', '2002:a9fe:a9fe::1'],
    ['the metadata service as an IPv4-compatible address', '::a9fe:a9fe'],
    ['the metadata service of AWS in IPv6', 'fd00:ec2::254'],
    ['the credentials of a container at AWS in IPv6', 'fd00:ec2::23'],
    ['the end of the services of AWS in IPv6', 'fd00:ec2:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['the metadata service of another cloud', '100.100.100.200'],
    ['the platform address of Azure', '168.63.129.16'],
    ['this host', '0.0.0.0'],
    ['this host in IPv6', '::'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['multicast', '224.0.0.1'],
    ['multicast in IPv6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['documentation', '192.0.2.1'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('is never called, whoever opted in: %s, %s', (_, address) => {
    expect(isAllowedAddress(address, publicOnly)).toBe(false);
    expect(isAllowedAddress(address, selfHosted)).toBe(false);
  });
});

describe('a base URL', () => {
  it.each([
    'https://api.github.com',
    'https://gitlab.acme.io:8443/gitlab',
    'https://140.82.121.6/',
    'https://[2606:50c0:8000::154]/',
  ])('is taken: %s', (url) => {
    expect(baseUrlProblem(url, publicOnly)).toBeNull();
  });

  it.each([
    ['plain http', 'http://api.github.com'],
    ['another scheme', 'file:///etc/passwd'],
    ['no URL', 'api.github.com'],
    ['credentials', 'https://user:secret@api.github.com'],
    ['loopback', 'https://127.0.0.1/'],
    ['loopback in decimal', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in hexadecimal', 'https://0x7f000001/'],
    ['loopback with parts left out', 'https://127.1/'],
    ['loopback in wide digits', 'https://１２７.０.０.１/'],
    ['loopback with a dot behind', 'https://127.0.0.1./'],
    ['loopback in IPv6', 'https://[::1]/'],
    ['loopback mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['the metadata service', 'https://169.254.169.254/latest/meta-data/'],
  ])('is refused with a sentence: %s, %s', (_, url) => {
    expect(baseUrlProblem(url, publicOnly)).toMatch(/\.$/);
  });

  it('inside the network is taken from whoever opted in, also over http', () => {
    expect(baseUrlProblem('http://127.0.0.1:3000', selfHosted)).toBeNull();
    expect(baseUrlProblem('http://169.254.169.254', selfHosted)).not.toBeNull();
  });
});

describe('a name', () => {
  let server: RunningServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  /** Answers one lookup after the other with the given addresses. */
  function resolver(...answers: readonly (readonly string[])[]) {
    const asked: string[] = [];
    const lookup: LookupFunction = (hostname, options, callback) => {
      const found = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(hostname);
      const entries = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all === true) {
        callback(null, entries);
      } else {
        callback(null, entries[0]?.address ?? '', entries[0]?.family ?? 4);
      }
    };
    return { lookup, asked };
  }

  async function startTarget() {
    let calls = 0;
    server = await startServer((_, response) => {
      calls += 1;
      // A kept connection would be used again without asking for the address.
      response.writeHead(200, { connection: 'close' }).end('{}');
    });
    const { port } = new URL(server.url);
    return { port, calls: () => calls };
  }

  it('is judged by the addresses that the connection uses', async () => {
    const target = await startTarget();
    const { lookup, asked } = resolver(['127.0.0.1']);
    const open = createGuardedFetch({ ...selfHosted, lookup });
    expect((await open(`http://tracker.acme.io:${target.port}/`)).status).toBe(200);
    expect(asked).toEqual(['tracker.acme.io']);
  });

  it('that turns to a forbidden address between two requests is refused the second time', async () => {
    const target = await startTarget();
    const { lookup, asked } = resolver(['127.0.0.1'], ['169.254.169.254']);
    const guarded = createGuardedFetch({ ...selfHosted, lookup });
    const url = `http://rebinding.acme.io:${target.port}/`;
    expect((await guarded(url)).status).toBe(200);
    await expect(guarded(url)).rejects.toMatchObject({ code: 'BATON_ADDRESS_REFUSED' });
    expect(asked).toHaveLength(2);
    expect(target.calls()).toBe(1);
  });

  it('with one private address among public ones is refused', async () => {
    const { lookup } = resolver(['140.82.121.6', '10.0.0.1']);
    const guarded = createGuardedFetch({ ...publicOnly, lookup });
    await expect(guarded('https://both.acme.io/')).rejects.toThrow('not on the public internet');
  });

  it('of the machine itself is refused', async () => {
    const target = await startTarget();
    const guarded = createGuardedFetch(publicOnly);
    await expect(guarded(`https://localhost:${target.port}/`)).rejects.toMatchObject({
      code: 'BATON_ADDRESS_REFUSED',
    });
    expect(target.calls()).toBe(0);
  });
});

describe('an exchange', () => {
  let server: RunningServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  const open = createGuardedFetch(selfHosted);

  it('shows a redirect instead of following it', async () => {
    server = await startServer((_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    const response = await open(server.url);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('http://169.254.169.254/');
  });

  it.each([101, 600, 999])('ends with what a Response cannot hold: %i', async (status) => {
    server = await startServer(({ socket }) => {
      const upgrade = status === 101 ? 'connection: upgrade\r\nupgrade: other\r\n' : '';
      socket.end(`HTTP/1.1 ${status} Strange\r\n${upgrade}content-length: 0\r\n\r\n`);
    });
    await expect(open(server.url)).rejects.toMatchObject({ code: 'BATON_STRANGE_STATUS', status });
  });

  describe('where the connection that it had was closed while it was idle', () => {
    let calls = 0;

    /** Two connections that are closed by the next call over each. */
    async function closing(fetch: Fetch): Promise<string> {
      const served = new WeakSet();
      calls = 0;
      server = await startServer(({ socket }, response) => {
        calls += 1;
        if (served.has(socket)) {
          socket.destroy();
          return;
        }
        served.add(socket);
        response.writeHead(204).end();
      });
      const { url } = server;
      await Promise.all([fetch(url), fetch(url)]);
      return url;
    }

    it('reads over another one', async () => {
      const url = await closing(open);
      expect((await open(url)).status).toBe(204);
      expect(calls).toBeGreaterThan(3);
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
      'fails for a %s, which may have been taken',
      async (method) => {
        const url = await closing(open);
        const write = open(url, { method, body: 'once' });
        await expect(write).rejects.toMatchObject({ code: 'ECONNRESET' });
        expect(calls).toBe(3);
      },
    );

    it('sends again what may arrive twice', async () => {
      const send = createGuardedFetch({ allowPrivateAddress: true, mayArriveTwice: true });
      const url = await closing(send);
      expect((await send(url, { method: 'POST', body: 'once' })).status).toBe(204);
      expect(calls).toBeGreaterThan(3);
    });
  });

  it('fails where a new connection is closed before an answer', async () => {
    let calls = 0;
    server = await startServer(({ socket }) => {
      calls += 1;
      socket.destroy();
    });
    await expect(open(server.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(calls).toBe(1);
  });

  it('sends the method, the headers and the body as given', async () => {
    const seen: unknown[] = [];
    server = await startServer(async (message, response) => {
      let text = '';
      for await (const chunk of message) {
        text += chunk;
      }
      seen.push([message.method, message.headers['x-key'], text]);
      response.writeHead(204).end();
    });
    const response = await open(server.url, {
      method: 'PUT',
      headers: { 'x-key': 'k' },
      body: '{"name":"Zoë"}',
    });
    expect(response.status).toBe(204);
    expect(seen).toEqual([['PUT', 'k', '{"name":"Zoë"}']]);
  });

  it('ends when the answer grows beyond any issue', async () => {
    server = await startServer((_, response) => {
      response.writeHead(200);
      response.on('error', () => undefined);
      response.end(Buffer.alloc(5 * 1024 * 1024, 'a'));
    });
    await expect(open(server.url)).rejects.toThrow('too large');
  });
});
