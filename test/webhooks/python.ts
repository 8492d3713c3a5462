import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonExample } from '../support/webhooks/page-examples.ts';

const RECEIVER = fileURLToPath(new URL('receiver.py', import.meta.url));

/** A request as it came to the receiver, and what that made of it. */
type Received = {
  readonly path: string;
  readonly id: string;
  readonly signatures: number;
  readonly genuine: boolean;
  readonly status: number;
  readonly type: string | null;
};

/** A request to verify. */
export type Asked = {
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Asks the example of each line of standard input, all of them a list of JSON. */
const ASKING = `
import json, sys
sys.path.insert(0, sys.argv[1])
from example import is_genuine
asked = json.load(sys.stdin)
print(json.dumps([is_genuine(one["secret"], one["headers"], one["body"].encode()) for one in asked]))
`;

/** The example of the page as the module `example`, in a folder of its own. */
function exampleFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'baton-python-'));
  writeFileSync(join(folder, 'example.py'), pythonExample());
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** What the example says of some requests. */
export function verifyAll(asked: readonly Asked[]): boolean[] {
  const { folder, remove } = exampleFolder();
  try {
    const input = JSON.stringify(asked);
    const { status, stdout, stderr, error } = spawnSync('python3', ['-c', ASKING, folder], {
      input,
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new Error(`Python 3.9 or newer has to be on the PATH as python3. ${error ?? stderr}`);
    }
    return JSON.parse(stdout);
  } finally {
    remove();
  }
}

/** Starts somebody who receives webhooks in Python, on loopback. */
export async function startPythonReceiver() {
  const { folder, remove } = exampleFolder();
  const child = spawn('python3', [RECEIVER, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [first, received] = [await nextOf(lines, child), [] as Received[]];
  const listening = new Map<string, () => void>();
  const reading = readOn(lines, received, listening);
  return {
    received,
    at: (path: string) => `http://127.0.0.1:${first.port}${path}`,
    arrivedAt: (path: string) => received.filter((one) => one.path === path),
    /** What arrives at a path is verified by this secret, and refused by these statuses first. */
    listen(path: string, secret: string, answers: readonly number[] = []): Promise<void> {
      const isListening = new Promise<void>((resolve) => {
        listening.set(path, resolve);
      });
      child.stdin.write(`${JSON.stringify({ path, secret, answers })}\n`);
      return isListening;
    },
    async stop(): Promise<void> {
      child.stdin.end();
      await once(child, 'exit');
      await reading;
      remove();
    },
  };
}

async function nextOf(
  lines: AsyncIterator<string>,
  child: ChildProcess,
): Promise<{ port: number }> {
  const { value, done } = await lines.next();
  if (done === true) {
    throw new Error(`The receiver in Python ended with ${child.exitCode}.`);
  }
  return JSON.parse(value);
}

async function readOn(
  lines: AsyncIterator<string>,
  received: Received[],
  listening: ReadonlyMap<string, () => void>,
): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true) {
      return;
    }
    const said = JSON.parse(value);
    if (said.listens === undefined) {
      received.push(said);
    } else {
      listening.get(said.listens)?.();
    }
  }
}
