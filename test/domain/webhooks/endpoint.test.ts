import { expect, it } from 'vitest';
import { changedEndpoint, hears, isChanged } from '../../../shared/domain/webhooks/endpoint.ts';
import type { WebhookType } from '../../../shared/domain/webhooks/webhook-types.ts';
import { webhookEndpoint } from '../../support/webhooks/builders.ts';

it.each<[(WebhookType | '*')[], string[] | null, string | null, boolean]>([
  [['*'], null, '31', true],
  [['issue.assigned'], null, '31', true],
  [['issue.resolved'], null, '31', false],
  [['*'], ['31'], '31', true],
  [['*'], ['3'], '31', false],
  [['issue.assigned'], ['32'], '31', false],
  [['*'], ['31'], null, false],
])(
  'who hears %j of %j hears of an assignment in %j: %s',
  (events, projects, projectId, expected) => {
    expect(hears({ events, projects }, 'issue.assigned', projectId)).toBe(expected);
  },
);

it('who takes an endpoint up again does not keep why it was disabled', () => {
  const before = webhookEndpoint({ enabled: false, disabledReason: 'gone', version: 3 });
  expect(changedEndpoint(before, { description: 'x' })).toMatchObject({
    ...{ enabled: false, disabledReason: 'gone', version: 4 },
  });
  expect(changedEndpoint(before, { enabled: true })).toMatchObject({
    ...{ enabled: true, disabledReason: null },
  });
  expect(isChanged(before, { events: ['*'], enabled: false })).toBe(false);
  expect(isChanged(before, { events: ['issue.assigned'] })).toBe(true);
});
