import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleWorld } from '../../infra/api-document/example-world.ts';
import { expectedStatus } from '../../infra/api-document/examples.ts';
import { type Played, playExamples } from '../../infra/api-document/play.ts';
import type { RunningStack } from '../../infra/local/stack.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { operationsOf, schemasOf, writtenDocument } from '../support/api-document.ts';
import { startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

/** Every example of docs/openapi.json, sent to the local stack. */

const document = writtenDocument();
const faultsOf = schemasOf(document);
const said = new Map(operationsOf(document).map((one) => [one.operationId, one.responses]));

const world = worldFile(exampleWorld());
let stack: RunningStack;
let played: ReadonlyMap<string, Played>;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path });
  played = new Map((await playExamples(stack.url)).map((one) => [one.operation, one]));
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

const COUNTS = ['X-Baton-Matched'];
/** Writes of one issue count it only where they are tried, which no example does. */
const COUNTED_IN_TRIES: ReadonlySet<string> = new Set([
  ...['updateIssue', 'updateOrganizationIssue', 'deleteIssue', 'deleteOrganizationIssue'],
]);

describe('the example of', () => {
  it.each(ROUTES)('$operation is answered as documented', ({ operation }) => {
    const one = played.get(operation);
    const status = one?.status ?? 0;
    expect([status, one?.body]).toEqual([expectedStatus(operation), one?.body]);
    const answer = said.get(operation)?.[String(status)];
    const json = answer?.content?.['application/json'];
    expect(json === undefined).toBe(one?.body === undefined);
    expect(json === undefined ? [] : faultsOf(json.schema, one?.body)).toEqual([]);
    const shown = Object.keys(answer?.headers ?? {});
    for (const name of ['Link', 'ETag', ...(COUNTED_IN_TRIES.has(operation) ? [] : COUNTS)]) {
      expect(one?.headers.has(name), name).toBe(shown.includes(name));
    }
  });
});

describe('the page of the API', () => {
  const open = async (path: string) => {
    const response = await fetch(stack.url + path);
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };

  it('and everything that it loads come from the local stack', async () => {
    const page = await open('/_local/api/');
    expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    expect(assets).toHaveLength(4);
    for (const path of assets) {
      expect(path).toMatch(/^\/_local\/api\//);
      expect((await open(path)).status, path).toBe(200);
    }
    // Styles and scripts may load more: what they load is within themselves, or beside them.
    const { text: styles } = await open('/_local/api/swagger-ui.css');
    const loaded = [...styles.matchAll(/@import[^;]*|url\(["']?([^)]{0,5})/g)];
    expect(loaded.map(([, beginning]) => beginning).filter((one) => one !== 'data:')).toEqual([]);
    const { text: script } = await open('/_local/api/begin.js');
    expect(script).toContain('"validatorUrl":null');
    expect(script).toContain('baton_local_alice');
    expect(script).not.toMatch(/https?:/);
  });

  it('shows the document, whose calls go to this stack', async () => {
    const { text } = await open('/_local/api/openapi.json');
    const { servers, ...shown } = JSON.parse(text);
    expect(servers).toEqual([{ url: `${stack.url}/api`, description: 'This stack.' }]);
    expect(shown).toEqual({ ...document, servers: undefined });
  });

  it('is all that is below its address', async () => {
    for (const path of [
      '/_local/api/swagger-ui.js',
      '/_local/api/package.json',
      '/_local/api/../api/toString',
    ]) {
      expect((await open(path)).status, path).toBe(404);
    }
  });
});
