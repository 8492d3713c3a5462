import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../../shared/http/schemas/bulk/plan.ts';

const resolved = { status: 'resolved' };

/** The messages by which a body is refused; null where it is taken. */
function refusalOf(body: string): unknown {
  try {
    parsePlan(JSON.parse(body));
    return null;
  } catch (error) {
    return (error as { fields?: unknown }).fields;
  }
}

describe('the body of a plan', () => {
  it('is taken with what it is made of', () => {
    expect(
      parsePlan({ ids: ['1', '2', '1'], projects: ['shop'], update: resolved, note: 'n' }),
    ).toMatchObject({
      kind: 'update',
      ids: ['1', '2'],
      query: null,
      projects: ['shop'],
      note: 'n',
    });
    expect(parsePlan({ query: '', update: { delete: true } })).toMatchObject({
      ...{ kind: 'delete', ids: null, query: '', update: {} },
    });
  });

  it.each([
    ['merge', 'merge cannot be planned.'],
    ['priority', 'priority cannot be planned.'],
    ['toString', 'toString cannot be planned.'],
    ['constructor', 'constructor cannot be planned.'],
    ['__proto__', '__proto__ cannot be planned.'],
  ])('updates nothing but what can be planned: %s', (name, message) => {
    const update = `{"status":"resolved","${name}":1}`;
    expect(refusalOf(`{"ids":["1"],"update":${update}}`)).toEqual({ update: [message] });
  });

  it.each(['dryrun', 'toString', 'constructor', '__proto__'])('has no field %s', (name) => {
    const refused = refusalOf(`{"ids":["1"],"update":{"status":"resolved"},"${name}":1}`);
    expect(Object.entries(refused ?? {})).toEqual([[name, ['Unknown field.']]]);
  });

  it.each([
    [{}, { update: ['This field is required.'] }],
    [
      { ids: ['1'], query: '', update: resolved },
      { ids: [expect.stringContaining('not by both')] },
    ],
    [{ update: resolved }, { ids: [expect.stringContaining('not by both')] }],
    [{ ids: [], update: resolved }, { ids: ['Name 1 to 10000.'] }],
    [{ query: '', projects: [], update: resolved }, { projects: ['Name 1 to 100.'] }],
    [{ ids: ['1'], update: {} }, { update: ['Say what is to be changed.'] }],
    [{ ids: ['1'], update: { delete: false } }, { update: [expect.stringContaining('true')] }],
    [
      { ids: ['1'], update: { delete: true, status: 'resolved' } },
      { update: [expect.stringContaining('nothing is beside it')] },
    ],
    [{ ids: ['1'], update: [] }, { update: [expect.stringContaining('but got list')] }],
  ])('%j is refused', (body, fields) => {
    expect(refusalOf(JSON.stringify(body))).toEqual(fields);
  });
});
