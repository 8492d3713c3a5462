import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onFreePorts, startEngine } from './supervise.ts';

const READY_TIMEOUT_MS = 10_000;

/** A DynamoDB that is up. */
export type TableEngine = {
  /** `http://127.0.0.1:port`; takes any credentials and any region. */
  readonly endpoint: string;
  /** The file that holds the tables; undefined when the engine is not ours. */
  readonly dbPath: string | undefined;
  stop(): Promise<void>;
};

type TableEngineOptions = {
  /** Keeps the tables in this SQLite file. Without it they are gone at `stop`. */
  dbPath?: string | undefined;
  /** A free one by default. */
  port?: number | undefined;
};

/**
 * Starts the embedded DynamoDB (dynoxide), or names the one that `DYNAMODB_ENDPOINT` points at.
 * It ends with this process, even at a kill -9.
 *
 * @throws Error that says what to do when there is no engine for this machine.
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
      // Its own word for it: on a port that is taken, somebody else would answer a request.
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
      'There is no embedded DynamoDB for this machine (it exists for Linux on x64). Start another one, for example ' +
        'DynamoDB Local, and name it: DYNAMODB_ENDPOINT=http://127.0.0.1:8000',
      { cause },
    );
  }
}

/** In memory where the system has a folder for that: the engine writes through to its file. */
function scratchFolder(): Promise<string> {
  return mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'baton-table-'));
}

/**
 * With every write to a table that has a stream, dynoxide looks for the table's highest sequence
 * number, and has no index for it: the thousandth write costs four times the hundredth. With this
 * one the cost is flat.
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
