import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { type Answer, type Api, apiOf } from '../api.ts';
import { startTestStack } from '../app.ts';
import { startAzureWorld } from './azure-world.ts';
import type { TrackerWorld } from './tracker-world.ts';

const demoWorld = new URL('../../../infra/world/worlds/acme.json', import.meta.url);

export type AzureStack = {
  readonly stack: RunningStack;
  readonly api: Api;
  readonly azure: TrackerWorld;
  /** Somebody moves the work item, and the service hook tells of it as Azure DevOps does. */
  move(state: string): Promise<Answer>;
  stop(): Promise<void>;
};

/** The local stack beside a double of Azure DevOps, with group 102 linked to its work item 297. */
export async function startAzureStack(): Promise<AzureStack> {
  const azure = await startAzureWorld();
  const world = JSON.parse(readFileSync(demoWorld, 'utf8'));
  const [integration] = world.integrations;
  world.integrations = [{ ...integration, provider: 'azure', baseUrl: azure.url }];
  world.secrets = { [integration.secretRef]: { token: 'pat-1', webhookSecrets: ['s3cret'] } };
  world.externalActors = [];
  world.links = [{ group: '102', integration: integration.id, key: azure.issueKey }];
  const folder = mkdtempSync(join(tmpdir(), 'baton-azure-'));
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify(world));
  const stack = await startTestStack({ world: file, cacheEngine: 'wasm' });
  const api = apiOf(stack.url);
  let hooks = 0;

  return {
    stack,
    api,
    azure,
    async move(state) {
      await azure.moveByHand(state);
      hooks += 1;
      // Microsoft's own sample: an update names the new state, and nothing says what it means.
      const body = {
        id: `00000000-0000-0000-0000-${String(hooks).padStart(12, '0')}`,
        eventType: 'workitem.updated',
        publisherId: 'tfs',
        resource: {
          id: hooks,
          workItemId: Number(azure.issueKey),
          rev: 100 + hooks,
          revisedBy: { id: 'somebody', displayName: 'Somebody', uniqueName: 'somebody@acme.io' },
          fields: { 'System.State': { newValue: state } },
        },
      };
      const path = `/api/0/extensions/azure/webhook/${integration.id}/`;
      const headers = { 'X-Baton-Secret': 's3cret' };
      return api.call('POST', path, { token: null, body, headers });
    },
    async stop() {
      await stack.stop();
      await azure.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
