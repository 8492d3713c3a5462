import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { parseJsonOrNull } from '../domain/json.ts';

/** A secret's value, and the version of the parameter that holds it. */
export type StoredSecret = { readonly value: unknown; readonly version: number };

/** A secret is read again after this time; until then a rotated one is still used. */
const KEPT_MS = 5 * 60 * 1_000;

/**
 * How long a secret that is not there is not asked for again. Otherwise whoever knows the address
 * of a webhook could use up the account's calls to SSM.
 */
const ABSENT_KEPT_MS = 60 * 1_000;

/** The most secrets in memory; beyond them the one that was read first is dropped. */
const MOST_KEPT = 1_000;

type KeptSecret = {
  readonly atMs: number;
  readonly secret: Promise<StoredSecret | null>;
  /** How long it is kept; a secret that is not there for a shorter time. */
  keptMs: number;
};

export type SecretStore = ReturnType<typeof createSecretStore>;

/**
 * Secrets by reference, each an encrypted parameter `/baton/{stage}/{reference}` with a JSON value.
 * Nothing of a value is ever part of an error's message.
 */
export function createSecretStore({
  client,
  stage,
  now,
}: {
  readonly client: SSMClient;
  readonly stage: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}) {
  const kept = new Map<string, KeptSecret>();
  const nameOf = (reference: string) => `/baton/${stage}/${reference}`;

  async function fetchSecret(reference: string): Promise<StoredSecret | null> {
    try {
      const { Parameter } = await client.send(
        new GetParameterCommand({ Name: nameOf(reference), WithDecryption: true }),
      );
      return { value: parseJsonOrNull(Parameter?.Value ?? ''), version: Parameter?.Version ?? 0 };
    } catch (error) {
      if (error instanceof ParameterNotFound) {
        return null;
      }
      throw error;
    }
  }

  function keep(reference: string, entry: KeptSecret): void {
    kept.delete(reference);
    kept.set(reference, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) {
        break;
      }
      kept.delete(oldest);
    }
  }

  return {
    /**
     * The secret, at most five minutes old, or as it is now with `fresh`; null where there is none,
     * or was none a minute ago.
     */
    async read(reference: string, { fresh = false } = {}): Promise<StoredSecret | null> {
      const before = kept.get(reference);
      if (before !== undefined && !fresh && now() - before.atMs < before.keptMs) {
        return before.secret;
      }
      const entry: KeptSecret = { atMs: now(), secret: fetchSecret(reference), keptMs: KEPT_MS };
      keep(reference, entry);
      entry.secret.then(
        (secret) => {
          entry.keptMs = secret === null ? ABSENT_KEPT_MS : KEPT_MS;
        },
        // What could not be read is asked for again by the next one who needs it.
        () => kept.get(reference) === entry && kept.delete(reference),
      );
      return entry.secret;
    },

    /** Deletes a secret; one that is not there is no failure. */
    async remove(reference: string): Promise<void> {
      kept.delete(reference);
      try {
        await client.send(new DeleteParameterCommand({ Name: nameOf(reference) }));
      } catch (error) {
        if (!(error instanceof ParameterNotFound)) {
          throw error;
        }
      }
    },

    /** Replaces a secret. */
    async write(reference: string, value: object): Promise<void> {
      kept.delete(reference);
      await client.send(
        new PutParameterCommand({
          Name: nameOf(reference),
          Value: JSON.stringify(value),
          Type: 'SecureString',
          Overwrite: true,
        }),
      );
    },
  };
}
