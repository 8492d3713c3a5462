import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../../shared/domain/errors.ts';
import { parseUpdateIssue } from '../../../../shared/http/schemas/issues/update-issue.ts';

/** The messages that a body is refused with. */
function refusalOf(body: unknown): unknown {
  try {
    parseUpdateIssue(body);
  } catch (error) {
    if (error instanceof DomainError) {
      return error.fields ?? error.detail;
    }
    throw error;
  }
  return 'accepted';
}

const plain = { substatus: null, resolvedIn: null, conditions: {} };

describe('a status', () => {
  it.each<[string, object, object]>([
    ['resolved', { status: 'resolved' }, { status: 'resolved', ...plain }],
    ['unresolved', { status: 'unresolved' }, { status: 'unresolved', ...plain }],
    ['ignored', { status: 'ignored' }, { status: 'ignored', ...plain }],
    [
      'muted with no snooze',
      { status: 'muted', snoozeDuration: null },
      { status: 'ignored', ...plain },
    ],
    [
      'a substatus alone',
      { substatus: 'archived_forever' },
      { ...plain, status: 'ignored', substatus: 'archived_forever' },
    ],
    [
      'escalating alone',
      { substatus: 'escalating' },
      { ...plain, status: 'unresolved', substatus: 'escalating' },
    ],
    ['no substatus', { status: 'resolved', substatus: null }, { status: 'resolved', ...plain }],
    [
      'the next release, as one word',
      { status: 'resolvedInNextRelease' },
      { ...plain, status: 'resolved', resolvedIn: { kind: 'nextRelease' } },
    ],
    [
      'the next release, in the details',
      { status: 'resolved', statusDetails: { inNextRelease: true } },
      { ...plain, status: 'resolved', resolvedIn: { kind: 'nextRelease' } },
    ],
    [
      'the upcoming release',
      { status: 'resolved', statusDetails: { inUpcomingRelease: '1' } },
      { ...plain, status: 'resolved', resolvedIn: { kind: 'upcomingRelease' } },
    ],
    [
      'a release',
      { status: 'resolved', statusDetails: { inRelease: '1.2' } },
      { ...plain, status: 'resolved', resolvedIn: { kind: 'release', version: '1.2' } },
    ],
    [
      'a release that is not to be the next',
      { status: 'resolved', statusDetails: { inNextRelease: false } },
      { status: 'resolved', ...plain },
    ],
    [
      'conditions in the details',
      {
        status: 'ignored',
        statusDetails: { ignoreDuration: 60 },
        substatus: 'archived_until_condition_met',
      },
      {
        ...plain,
        status: 'ignored',
        substatus: 'archived_until_condition_met',
        conditions: { ignoreDuration: 60 },
      },
    ],
    [
      'conditions beside it',
      { status: 'ignored', ignoreCount: '10', ignoreWindow: 60 },
      { ...plain, status: 'ignored', conditions: { ignoreCount: 10, ignoreWindow: 60 } },
    ],
    [
      'a snooze',
      { status: 'ignored', snoozeDuration: 30 },
      { ...plain, status: 'ignored', conditions: { ignoreDuration: 30 } },
    ],
    [
      'conditions beside it that the details leave out, or name again',
      {
        status: 'ignored',
        ignoreCount: 10,
        ignoreUserCount: 9,
        statusDetails: { ignoreUserCount: 3 },
      },
      { ...plain, status: 'ignored', conditions: { ignoreCount: 10, ignoreUserCount: 3 } },
    ],
    [
      'conditions of 0',
      { status: 'ignored', ignoreDuration: 0, ignoreCount: 0, ignoreWindow: 0 },
      { status: 'ignored', ...plain },
    ],
    [
      'conditions of 0 that a resolve has no use for',
      { status: 'resolved', ignoreDuration: 0, snoozeDuration: null, statusDetails: {} },
      { status: 'resolved', ...plain },
    ],
  ])('may be %s', (_, body, expected) => {
    expect(parseUpdateIssue(body).update.status).toEqual(expected);
  });
});

describe('what would have no effect', () => {
  const resolved = ['inNextRelease', 'inUpcomingRelease', 'inRelease'].map(
    (name) => [name, name === 'inRelease' ? '1.2' : true] as const,
  );
  const ignored = [
    'ignoreDuration',
    'ignoreCount',
    'ignoreWindow',
    'ignoreUserCount',
    'ignoreUserWindow',
  ];

  it.each(
    resolved.flatMap(([name, value]) =>
      [{}, { status: 'ignored' }, { status: 'unresolved' }].map(
        (status) => [name, { ...status, statusDetails: { [name]: value } }] as const,
      ),
    ),
  )('%s is refused in %j', (name, body) => {
    expect(refusalOf(body)).toEqual({
      statusDetails: [`${name}: This needs the status resolved.`],
    });
  });

  it.each(
    [...ignored, 'snoozeDuration'].flatMap((name) =>
      [{}, { status: 'resolved' }, { status: 'unresolved' }].map(
        (status) => [name, { ...status, [name]: 5 }] as const,
      ),
    ),
  )('%s is refused in %j', (name, body) => {
    expect(refusalOf(body)).toEqual({ [name]: ['This needs the status ignored.'] });
  });

  it.each<[object, object]>([
    [{ status: 'ignored', ignoreWindow: 5 }, { ignoreWindow: ['This needs ignoreCount.'] }],
    [
      { status: 'ignored', ignoreCount: 5, statusDetails: { ignoreUserWindow: 5 } },
      { statusDetails: ['ignoreUserWindow: This needs ignoreUserCount.'] },
    ],
    [
      { status: 'unresolved', statusDetails: { ignoreCount: 5 } },
      { statusDetails: ['ignoreCount: This needs the status ignored.'] },
    ],
    [
      { status: 'resolved', statusDetails: { inNextRelease: true, inRelease: '1.2' } },
      { statusDetails: ['Only one of inNextRelease, inRelease can be set.'] },
    ],
    [
      { status: 'resolvedInNextRelease', statusDetails: { inRelease: '1.2' } },
      { statusDetails: ['Only one of inNextRelease, inRelease can be set.'] },
    ],
    [
      { status: 'resolved', statusDetails: { inCommit: { commit: 'abc', repository: 'r' } } },
      { statusDetails: ['inCommit: Unable to find the given commit.'] },
    ],
    [
      { substatus: 'archived_forever', ignoreDuration: 5 },
      { substatus: ['"archived_forever" has no conditions.'] },
    ],
    [
      { status: 'ignored', substatus: 'archived_until_escalating', ignoreCount: 5 },
      { substatus: ['"archived_until_escalating" has no conditions.'] },
    ],
  ])('%j is refused', (body, expected) => {
    expect(refusalOf(body)).toEqual(expected);
  });
});

describe('booleans', () => {
  const words = [
    [true, true],
    [1, true],
    ['1', true],
    ['true', true],
    ['True', true],
    ['yes', true],
    [false, false],
    [0, false],
    ['0', false],
    ['false', false],
    ['FALSE', false],
    ['off', false],
  ] as const;

  it.each(words)('%j means %s', (given, expected) => {
    const { update } = parseUpdateIssue({
      hasSeen: given,
      isBookmarked: given,
      isSubscribed: given,
      isPublic: given,
      inbox: given,
    });
    expect(update).toEqual({
      hasSeen: expected,
      isBookmarked: expected,
      isSubscribed: expected,
      isPublic: expected,
      inbox: expected,
    });
  });

  it.each([2, -1, 'maybe', '', [], {}])('%j means neither', (given) => {
    expect(refusalOf({ hasSeen: given })).toEqual({ hasSeen: ['Must be a valid boolean.'] });
  });
});

describe('what is asked for', () => {
  it.each([undefined, {}, { unknown: [1] }])('is nothing in %j', (body) => {
    expect(parseUpdateIssue(body)).toEqual({ update: {}, merge: false, discard: false, echo: {} });
  });

  it('is an assignment, with the words about it that count', () => {
    const { update } = parseUpdateIssue({
      assignedTo: 'team:21',
      assignedBy: 'assignee_selector',
      integration: 'slack',
    });
    expect(update).toEqual({
      assignedTo: {
        actor: { kind: 'actor', actor: { type: 'team', id: '21' } },
        assignedBy: 'assignee_selector',
        integration: 'slack',
      },
    });
  });

  it.each([
    [3_600, 3_600],
    ['31536000', 31_536_000],
    [null, null],
  ])('is an assignment for %j seconds', (assignmentExpires, expiresIn) => {
    const { update, echo } = parseUpdateIssue({ assignedTo: 'user:12', assignmentExpires });
    expect(update.assignedTo).toMatchObject({ expiresIn });
    expect(echo).toEqual({ assignmentExpires: expiresIn });
  });

  it.each([3_599, 31_536_001, -1, 'soon', 3_600.5, [], true])('is never for %j', (wrong) => {
    const refusal = refusalOf({ assignedTo: 'user:12', assignmentExpires: wrong });
    expect(Object.keys(refusal ?? {})).toEqual(['assignmentExpires']);
  });

  it.each([
    { assignmentExpires: 3_600 },
    { assignmentExpires: null },
    { assignedTo: null, assignmentExpires: 3_600 },
    { assignedTo: '', assignmentExpires: 3_600 },
    { status: 'resolved', assignmentExpires: 3_600 },
  ])('is no end of nobody’s assignment: %j', (body) => {
    expect(refusalOf(body)).toEqual({
      assignmentExpires: ['Name who is assigned for that long in assignedTo.'],
    });
  });

  it.each([null, '', 0])('is an unassignment with assignedTo %j', (assignedTo) => {
    const { update } = parseUpdateIssue({ assignedTo, assignedBy: 7, integration: 'discord' });
    expect(update).toEqual({
      assignedTo: { actor: { kind: 'nobody' }, assignedBy: null, integration: null },
    });
  });

  it('is a merge or a discard', () => {
    expect(parseUpdateIssue({ merge: 1 })).toMatchObject({ merge: true, discard: false });
    expect(parseUpdateIssue({ discard: true })).toMatchObject({ merge: false, discard: true });
    expect(parseUpdateIssue({ discard: false, hasSeen: true })).toMatchObject({ discard: false });
  });

  it('is repeated as it was understood', () => {
    expect(
      parseUpdateIssue({ status: 'muted', snoozeDuration: null, hasSeen: '1', other: 1 }).echo,
    ).toEqual({
      status: 'ignored',
      inbox: null,
      snoozeDuration: null,
      hasSeen: true,
    });
  });
});

describe('a refusal', () => {
  it.each<[unknown, unknown]>([
    [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
    ['x', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
    [1, { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] }],
    [1.5, { non_field_errors: ['Invalid data. Expected a dictionary, but got float.'] }],
    [true, { non_field_errors: ['Invalid data. Expected a dictionary, but got bool.'] }],
    [null, { non_field_errors: ['This field may not be null.'] }],
    [{ status: 'x' }, { status: ['"x" is not a valid choice.'] }],
    [{ status: null }, { status: ['This field may not be null.'] }],
    [{ status: ['resolved'] }, { status: ['"["resolved"]" is not a valid choice.'] }],
    [{ substatus: 'x' }, { substatus: ['"x" is not a valid choice.'] }],
    [
      { status: 'resolved', substatus: 'ongoing' },
      { substatus: ['"ongoing" is not a valid choice for resolved.'] },
    ],
    [{ priority: 'urgent' }, { priority: ['"urgent" is not a valid choice.'] }],
    [{ ignoreDuration: 1.5 }, { ignoreDuration: ['A valid integer is required.'] }],
    [{ ignoreDuration: true }, { ignoreDuration: ['A valid integer is required.'] }],
    [{ ignoreDuration: null }, { ignoreDuration: ['This field may not be null.'] }],
    [
      { ignoreDuration: -1 },
      { ignoreDuration: ['Ensure this value is greater than or equal to 0.'] },
    ],
    [
      { ignoreWindow: 10081 },
      { ignoreWindow: ['Ensure this value is less than or equal to 10080.'] },
    ],
    [
      { ignoreDuration: 1e300 },
      { ignoreDuration: ['Ensure this value is less than or equal to 52704000.'] },
    ],
    [{ statusDetails: null }, { statusDetails: ['This field may not be null.'] }],
    [
      { statusDetails: [] },
      { statusDetails: ['Invalid data. Expected a dictionary, but got list.'] },
    ],
    [
      { statusDetails: { ignoreCount: 'x' } },
      { statusDetails: ['ignoreCount: A valid integer is required.'] },
    ],
    [{ statusDetails: { inRelease: [] } }, { statusDetails: ['inRelease: Not a valid string.'] }],
    [
      { statusDetails: { inCommit: { commit: 'a' } } },
      { statusDetails: ['inCommit: repository: This field is required.'] },
    ],
    [{ assignedTo: true }, { assignedTo: [expect.stringContaining('Could not parse actor.')] }],
    [
      { assignedTo: '1'.repeat(5000) },
      { assignedTo: [expect.stringContaining('Could not parse actor.')] },
    ],
    [
      { assignedTo: {}, hasSeen: 2 },
      {
        hasSeen: ['Must be a valid boolean.'],
        assignedTo: [expect.stringContaining('Could not parse actor.')],
      },
    ],
    [
      { discard: true, hasSeen: true },
      { discard: ['Other attributes cannot be updated when discarding'] },
    ],
    [
      { discard: true, assignedTo: '' },
      { discard: ['Other attributes cannot be updated when discarding'] },
    ],
  ])('of %j blames the field', (body, expected) => {
    expect(refusalOf(body)).toEqual(expected);
  });

  it('is all that garbage in any field can bring about', () => {
    const garbage = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('resolved', 'ignored', 'user:11', '1', 0, -1, 1e308, 2 ** 53),
    );
    const fields = [
      'status',
      'substatus',
      'statusDetails',
      'ignoreDuration',
      'ignoreCount',
      'snoozeDuration',
      'priority',
      'assignedTo',
      'assignedBy',
      'integration',
      'hasSeen',
      'isBookmarked',
      'isSubscribed',
      'isPublic',
      'inbox',
      'merge',
      'discard',
    ];
    const body = fc.dictionary(fc.constantFrom(...fields), garbage);
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (given) => refusalOf(given) !== undefined),
    );
  });
});
