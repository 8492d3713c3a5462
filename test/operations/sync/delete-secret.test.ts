import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createParameterStore,
  createSsmOperations,
} from '../../../infra/local/driver/services/ssm.ts';
import type { BusEvent } from '../../../shared/domain/events.ts';
import { deleteSecret } from '../../../shared/operations/sync/delete-secret.ts';
import {
  createIntegration,
  removeIntegration,
} from '../../../shared/operations/sync/integrations.ts';
import { createSecretStore } from '../../../shared/secrets/secret-store.ts';
import { heardBy } from '../../support/bus-events.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { type AwsDouble, startAwsDouble } from '../../support/doubles/aws-double.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const initiator = { actingUserId: null, requestId: 'r1' };
const input = { organizationId: '1', initiator };
const nowMs = Date.now();

let parameters: ReturnType<typeof createParameterStore>;
let ssm: AwsDouble;
let client: SSMClient;
beforeAll(async () => {
  parameters = createParameterStore(undefined);
  const operations = Object.entries(createSsmOperations(parameters)).map(
    ([name, run]) =>
      [`AmazonSSM.${name}`, (asked: object) => run({ ...asked }, undefined)] as const,
  );
  ssm = await startAwsDouble(Object.fromEntries(operations));
  client = new SSMClient({
    region: 'local',
    endpoint: ssm.env.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(() => {
  client?.destroy();
  ssm?.stop();
});

let world: TestWorld;
beforeEach(async () => {
  world = await worldOnFreshTable({
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'local/shared',
        config: {},
      },
    ],
  });
});

const deps = (atMs = nowMs) => ({
  ...world.stores,
  ...surroundings(),
  addressProblem: () => null,
  clock: () => new Date(atMs).toISOString(),
  secrets: createSecretStore({ client, stage: 'alice', now: () => atMs }),
});

/** An integration that somebody added, with the secret that was put down for it. */
async function added() {
  const integration = await createIntegration(deps(), {
    organizationId: '1',
    provider: 'gitlab',
    name: 'GitLab',
    baseUrl: 'https://gitlab.com/api/v4',
    config: {},
  });
  const parameter = `/baton/alice/${integration.secretRef}`;
  parameters.put(parameter, '{"token":"t"}');
  return { integration, parameter };
}

/** The events that integrations are gone, as their consumer reads them. */
async function deletions(): Promise<BusEvent<'integration.deleted'>[]> {
  const heard = (await recordedEvents(world.stores.table))
    .filter(({ type }) => type === 'integration.deleted')
    .map((event) => heardBy('sync-fanout', event));
  return heard.flatMap((event) => (event.type === 'integration.deleted' ? [event] : []));
}

async function onlyDeletion(): Promise<BusEvent<'integration.deleted'>> {
  const [event, ...others] = await deletions();
  if (event === undefined || others.length > 0) {
    throw new Error('There is not one event of a removal.');
  }
  return event;
}

describe('the secret of an integration', () => {
  it('goes after the integration, and may go twice', async () => {
    const { integration, parameter } = await added();
    await removeIntegration(deps(), { ...input, integrationId: integration.id });
    expect(parameters.get(parameter)).toBeDefined();
    const event = await onlyDeletion();
    expect(event.detail).toMatchObject({ organizationId: '1', requestId: 'r1' });
    expect(await deleteSecret(deps(), event)).toEqual({ kind: 'done' });
    expect(parameters.get(parameter)).toBeUndefined();
    expect(await deleteSecret(deps(), event)).toEqual({ kind: 'done' });
  });

  it('goes once, however many remove the integration at the same time', async () => {
    const { integration } = await added();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        removeIntegration(deps(), { ...input, integrationId: integration.id }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'resource.not_found' });
      }
    }
    expect(await deletions()).toHaveLength(1);
  });

  it('that somebody is writing at that moment is deleted again when they have ended', async () => {
    const { integration, parameter } = await added();
    const { integrations } = world.stores;
    await integrations.claimRenewal(integration.id, nowMs, nowMs + 30_000);
    await removeIntegration(deps(), { ...input, integrationId: integration.id });
    const event = await onlyDeletion();
    expect(await deleteSecret(deps(nowMs + 1_000), event)).toEqual({
      kind: 'later',
      delayMs: 29_000,
    });
    // The one who had begun before the removal, and does not know of it.
    await deps().secrets.write(integration.secretRef, { token: 'renewed' });
    expect(await deleteSecret(deps(nowMs + 30_000), event)).toEqual({ kind: 'done' });
    expect(parameters.get(parameter)).toBeUndefined();
    expect(await integrations.claimRenewal(integration.id, nowMs, nowMs + 30_000)).toBe(false);
  });

  it('that a world names stays: another integration may have it as well', async () => {
    parameters.put('/baton/alice/local/shared', '{"token":"t"}');
    await removeIntegration(deps(), { ...input, integrationId: '501' });
    const event = await onlyDeletion();
    expect(await deleteSecret(deps(), event)).toEqual({ kind: 'done' });
    expect(parameters.get('/baton/alice/local/shared')).toBeDefined();
  });

  it('that cannot be deleted is tried again', async () => {
    const { integration } = await added();
    await removeIntegration(deps(), { ...input, integrationId: integration.id });
    const event = await onlyDeletion();
    const broken = { remove: () => Promise.reject(new Error('The service is away.')) };
    await expect(deleteSecret({ ...deps(), secrets: broken }, event)).rejects.toThrow('away');
  });
});
