import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onFreePorts, startEngine } from './supervise.ts';

const READY_TIMEOUT_MS = 10_000;

/** A running DynamoDB engine. */
export type TableEngine = {
  /** `http://127.0.0.1:port`; any credentials and region are accepted. */
  readonly endpoint: string;
  /** The SQLite file of the tables; undefined for an engine that this process did not start. */
  readonly dbPath: string | undefined;
  stop(): Promise<void>;
};

type TableEngineOptions = {
  /** The SQLite file of the tables; by default a temporary one, removed at `stop`. */
  dbPath?: string | undefined;
  /** By default a free port. */
  port?: number | undefined;
};

/**
 * Starts the embedded DynamoDB (dynoxide), or uses the one at `DYNAMODB_ENDPOINT`. It ends with
 * this process, even after a SIGKILL.
 *
 * @throws Error that says what to do when there is no engine for this machine
 */
export async function startTable(options: TableEngineOptions = {}): Promise<TableEngine> {
  const external = process.env.DYNAMODB_ENDPOINT;
  if (external) {
    return { endpoint: external, dbPath: undefined, stop: async () => {} };
  }

  const binary = dynoxideBinary();
  const start = async (port: number): Promise<TableEngine> => {
    const scratch = options.dbPath === undefined ? await scratchFolder() : undefined;
    const dbPath = options.dbPath ?? join(scratch ?? '', 'table.db');
    const endpoint = `http://127.0.0.1:${port}`;
    const engine = await startEngine({
      name: 'dynoxide',
      command: binary,
      args: ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', dbPath],
      scratch,
      // Its output shows that it is ready. A request could reach another process on the same port.
      isReady: async (output) => output.includes(`listening on ${endpoint}`),
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    indexStreamRecords(dbPath);
    return { endpoint, dbPath, stop: engine.stop };
  };
  return options.port === undefined ? onFreePorts(start) : start(options.port);
}

function dynoxideBinary(): string {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch (cause) {
    throw new Error(
      'The embedded DynamoDB runs on Linux x64 only. Start another one, such as DynamoDB Local, ' +
        'and set its address: DYNAMODB_ENDPOINT=http://127.0.0.1:8000',
      { cause },
    );
  }
}

/** A folder in memory if the system has one: the engine syncs its file at every write. */
function scratchFolder(): Promise<string> {
  return mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'baton-table-'));
}

/**
 * dynoxide reads the highest sequence number of the table at every write, without an index: the
 * thousandth write takes four times as long as the hundredth. With this index the time is constant.
 */
function indexStreamRecords(dbPath: string): void {
  const db = new DatabaseSync(dbPath, { timeout: 5_000 });
  try {
    db.exec(
      'CREATE INDEX IF NOT EXISTS baton_seq ON _stream_records(table_name, CAST(sequence_number AS INTEGER))',
    );
  } finally {
    db.close();
  }
}
