import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { parseForeignJson } from '../../shared/domain/json.ts';
import { createIntegrationStore } from '../../shared/stores/sync/integrations.ts';
import { createTable } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import { type IntegrationSecret, parseSecret } from '../../shared/trackers/credentials.ts';
import { STAGE_PARAMETERS } from '../stage-parameters.ts';
import { COMMON_USAGE, commandOf, connectTo, readArguments, report, required } from './command.ts';
import { readInput } from './input.ts';

export const secrets = commandOf('secrets', { set }, [
  [
    `secrets set INTEGRATION ${COMMON_USAGE}`,
    "keeps the secret of an integration's tracker, JSON on standard input, such as " +
      '{"token": "...", "webhookSecrets": ["..."]}; it is printed nowhere',
  ],
]);

/** The maximum size of a standard parameter. */
const MAX_BYTES = 4_096;

async function set(args: readonly string[]): Promise<boolean> {
  const { values, word } = readArguments(args, {});
  const id = required(word, 'Name an integration by its id.');
  const stack = await connectTo(values, ['table']);
  const table = createTable({ client: stack.dynamodb, name: stack.table });
  const integration = await createIntegrationStore(table, createTransact(table)).byId(id);
  if (integration === undefined) {
    throw new Error(`There is no integration "${id}" in ${stack.name}.`);
  }
  const { secretRef, provider } = integration;
  if ((STAGE_PARAMETERS as readonly string[]).includes(secretRef)) {
    throw new Error(
      `The integration ${id} has the reference ${secretRef}, which is not that of a secret.`,
    );
  }
  const { text, secret } = readSecret(await readInput('Type the secret as JSON, then Ctrl-D: '));
  if (secret.credentials.kind === 'app' && provider !== 'github') {
    throw new Error(
      `That is the secret of a GitHub App, and the integration ${id} is ${provider}.`,
    );
  }
  const name = `/baton/${stack.stage}/${secretRef}`;
  await stack.ssm.send(
    new PutParameterCommand({ Name: name, Value: text, Type: 'SecureString', Overwrite: true }),
  );
  const kinds = { token: 'a token', app: 'a GitHub App', oauth: 'an OAuth sign-in' };
  const kind = kinds[secret.credentials.kind];
  const count = secret.webhookSecrets.length;
  return report(values, {
    lines: [
      `Put the secret of the integration ${id} (${provider}) in ${stack.name} into ${name}: ` +
        `${kind}, and ${count === 0 ? 'no' : count} webhook secret${count === 1 ? '' : 's'}.`,
      'It takes effect within five minutes, within one minute if there was none.',
    ],
    value: { id, parameter: name, kind: secret.credentials.kind, webhookSecrets: count },
  });
}

/**
 * Parses a secret; returns it with the text that is stored.
 *
 * @throws Error with a message that contains nothing of the secret
 */
function readSecret(input: string): { readonly text: string; readonly secret: IntegrationSecret } {
  let value: unknown;
  try {
    value = parseForeignJson(input);
  } catch {
    throw new Error('The secret on standard input is not JSON.');
  }
  const secret = parseSecret(value);
  const given = (value as { webhookSecrets?: unknown }).webhookSecrets ?? [];
  if (!Array.isArray(given) || given.length !== secret.webhookSecrets.length || given.length > 2) {
    throw new Error(
      'webhookSecrets must be a list of at most two strings: the current and the previous one.',
    );
  }
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new Error(`The secret is longer than the ${MAX_BYTES} bytes that a parameter holds.`);
  }
  return { text, secret };
}
