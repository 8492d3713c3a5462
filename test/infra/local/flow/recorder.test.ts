import { expect, it } from 'vitest';
import type { Seen } from '../../../../infra/local/driver/services/observation.ts';
import { createRecorder } from '../../../../infra/local/flow/recorder.ts';
import { createRing } from '../../../../infra/local/flow/ring.ts';

/** What a recorder makes of what it is told: the titles of its steps, and its warnings. */
function record(seen: readonly Seen[]) {
  const ring = createRing();
  const warnings: string[] = [];
  const observe = createRecorder(ring, (line) => void warnings.push(line));
  for (const one of seen) {
    observe(one);
  }
  const titles: string[] = [];
  for (let seq = ring.oldest(); seq <= ring.last(); seq += 1) {
    titles.push(JSON.parse(ring.text(seq) ?? '').title);
  }
  return { titles, warnings };
}

const request = (id: string, method: string): Seen => ({
  ...{ what: 'request', id, method, path: '/api/0/issues/1/', query: '', body: '' },
});
const answer = (id: string): Seen => ({ what: 'answer', id, status: 200, ms: 7, by: 'group-read' });
const del = (id: string): Seen => ({
  ...{ what: 'call', causes: [id], caller: 'group-read' },
  call: { kind: 'cache', command: 'del', args: ['a', 'b'], result: 1 },
});

const ANSWERED = '200 from group-read after 7 ms';
const FELL = 'group-read deletes a, b from the cache: 1 of 2 were there';

it.each<[string, readonly Seen[], readonly string[]]>([
  [
    'a write is told when it comes',
    [request('r', 'PUT'), answer('r')],
    ['PUT /api/0/issues/1/', ANSWERED],
  ],
  ['a read is not told', [request('r', 'GET'), answer('r')], []],
  [
    'a read is told with its first effect',
    [request('r', 'GET'), request('s', 'HEAD'), answer('r'), del('r'), del('r')],
    ['GET /api/0/issues/1/', ANSWERED, FELL, FELL],
  ],
  [
    'what a read answers after its effect is told',
    [request('r', 'GET'), del('r'), answer('r')],
    ['GET /api/0/issues/1/', FELL, ANSWERED],
  ],
  [
    'of many reads the oldest are forgotten',
    [
      request('first', 'GET'),
      ...Array.from({ length: 200 }, (_, index) => request(`${index}`, 'GET')),
      del('first'),
      del('0'),
    ],
    [FELL, 'GET /api/0/issues/1/', FELL],
  ],
  [
    'other commands to the cache are not told',
    [
      {
        ...{ what: 'call', causes: [], caller: 'x' },
        call: { kind: 'cache', command: 'get', args: ['a'], result: 'secret' },
      },
    ],
    [],
  ],
  [
    'of a receiver of webhooks only its host is told',
    [
      {
        ...{ what: 'call', causes: [], caller: 'webhook-delivery' },
        call: {
          ...{ kind: 'http', method: 'POST', url: 'https://hooks.example/s3cret?k=v' },
          ...{ body: '{"title":"x"}', status: null },
        },
      },
    ],
    ['webhook-delivery calls POST https://hooks.example/…: no answer'],
  ],
])('%s', (_, seen, titles) => {
  expect(record(seen)).toEqual({ titles, warnings: [] });
});

it('what cannot be shown is a warning, and ends nothing', () => {
  const broken: Seen = {
    ...{ what: 'call', causes: [], caller: 'x' },
    call: { kind: 'http', method: 'GET', url: 'no url', body: '', status: 200 },
  };
  const { titles, warnings } = record([broken, request('r', 'PUT')]);
  expect(titles).toEqual(['PUT /api/0/issues/1/']);
  expect(warnings).toEqual([expect.stringMatching(/^the flow could not show call: /)]);
});

it('work on a batch names each request that it follows from', () => {
  const ring = createRing();
  createRecorder(ring, () => {})({
    ...{ what: 'call', causes: ['r', 's'], caller: 'cache-repeat' },
    call: { kind: 'cache', command: 'del', args: ['a'], result: 1 },
  });
  expect(JSON.parse(ring.text(1) ?? '')).toMatchObject({
    request: null,
    detail: { requests: ['r', 's'] },
  });
});

it('of rows that are loaded by the thousand a step counts all and shows the first', () => {
  const ring = createRing();
  const items = Array.from({ length: 1_000 }, (_, index) => ({
    keys: { pk: { S: `G#${index}` }, sk: { S: 'A#GROUP' } },
    before: undefined,
    after: { entity: { S: 'group' } },
  }));
  const nobody = { causes: [], writer: undefined, operation: undefined };
  createRecorder(ring, () => {})({ what: 'write', ...nobody, items });
  const text = ring.text(1) ?? '';
  expect(text.length).toBeLessThan(5_000);
  const { title, detail } = JSON.parse(text);
  expect(title).toBe('Written past the functions: 1000 rows: group x 1000');
  expect(detail.rows[0]).toMatchObject({ type: 'group', key: 'G#0 A#GROUP', change: 'new' });
});
