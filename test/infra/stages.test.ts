import { describe, expect, it } from 'vitest';
import type { StageRequest } from '../../infra/stage-options.ts';
import { stageName, stageSettings } from '../../infra/stages.ts';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/1a2b';

describe('the name of a stage', () => {
  it.each([
    ['a first name', 'alice'],
    ['a name with digits and hyphens', 'alice-2-b'],
    ['the longest', 'a'.repeat(20)],
    ['the stage of one machine', 'local'],
  ])('may be %s', (_, stage) => {
    expect(stageSettings({ stage }).name).toBe(stage);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['capital', 'Alice'],
    ['led by a digit', '2alice'],
    ['ended by a hyphen', 'alice-'],
    ['with two hyphens in a row, which the cache refuses', 'al--ice'],
    ['with a dot', 'al.ice'],
    ['too long for the names that are made of it', 'a'.repeat(21)],
    ['not a text', 7],
  ])('may not be %s', (_, stage) => {
    expect(() => stageSettings({ stage })).toThrow('-c stage=alice');
  });

  it('may not be region: that is the stack which the stages of a region share', () => {
    expect(() => stageSettings({ stage: 'region' })).toThrow('baton-region is the stack');
  });

  it('leads every physical name', () => {
    expect(stageName(stageSettings({ stage: 'alice' }), 'group-update')).toBe(
      'baton-alice-group-update',
    );
  });
});

describe('the settings of a stage', () => {
  it('are the same for every person', () => {
    const { name: _, ...alice } = stageSettings({ stage: 'alice' });
    const { name: __, ...bob } = stageSettings({ stage: 'bob' });
    expect(alice).toEqual(bob);
  });

  it('on one machine differ from a person’s in patience with trackers and receivers, and in nobody else to leave room for', () => {
    const { name: _, ...alice } = stageSettings({ stage: 'alice' });
    const { name: __, ...local } = stageSettings({ stage: 'local' });
    expect(alice.syncBackoff).toBe('patient');
    const quick = { syncBackoff: 'quick', webhookAttempts: 'quick' } as const;
    expect(local).toEqual({ ...alice, ...quick, consumerConcurrency: 10 });
  });

  it.each([
    ['alice', 'public', 'destroy', false, false],
    ['staging', 'vpc', 'destroy', true, false],
    ['prod', 'vpc', 'retain', true, true],
  ])(
    '%s: cache %s, data %s, recovery %s, protection %s',
    (stage, mode, removal, pointInTimeRecovery, deletionProtection) => {
      expect(stageSettings({ stage })).toMatchObject({
        cache: { mode },
        removal,
        table: { pointInTimeRecovery, deletionProtection },
      });
    },
  );

  it.each(['alice', 'staging'])('%s has a fuse against a bill', (stage) => {
    const { table, cache } = stageSettings({ stage });
    expect(table.maxRequestUnits).toBeDefined();
    expect(cache.maxStorageGb).toBeGreaterThanOrEqual(1);
    expect(cache.maxEcpuPerSecond).toBeGreaterThanOrEqual(1_000);
  });

  it.each([
    ['on by themselves', undefined, 'on'],
    ['off on request', 'off', 'off'],
    ['on on request', 'on', 'on'],
  ] as const)('rate limits are %s', (_, rateLimits, expected) => {
    expect(stageSettings({ stage: 'local', rateLimits }).rateLimits).toBe(expected);
  });

  it('know no other word for the rate limits', () => {
    expect(() => stageSettings({ stage: 'local', rateLimits: 'no' })).toThrow('on or off');
  });

  it.each(['nobody', '', 'two@at@signs', 7])('know no way to write to %j', (alarmEmail) => {
    expect(() => stageSettings({ stage: 'prod', alarmEmail })).toThrow('-c alarmEmail');
  });

  it.each(['tracing', 'dashboard'] as const)('turn %s on and off', (option) => {
    expect(stageSettings({ stage: 'alice' })[option]).toBe(false);
    expect(stageSettings({ stage: 'alice', [option]: 'on' })[option]).toBe(true);
    expect(stageSettings({ stage: 'prod', [option]: 'off' })[option]).toBe(false);
    expect(() => stageSettings({ stage: 'prod', [option]: 'yes' })).toThrow(`-c ${option}`);
  });

  it.each([
    ['alice', false],
    ['staging', true],
    ['prod', true],
  ])('let %s be destroyed only by whoever types its name: %s', (stage, expected) => {
    expect(stageSettings({ stage }).confirmDestroy).toBe(expected);
  });

  it.each<[StageRequest, string]>([
    [{ domain: 'baton.example.com' }, 'belong together'],
    [{ certificate: CERTIFICATE }, 'belong together'],
    [{ domain: 'https://baton.example.com', certificate: CERTIFICATE }, '-c domain'],
    [{ domain: 'baton.example.com', certificate: 'arn:aws:iam::1:x' }, '-c certificate'],
    [{ producers: '12345' }, '-c producers'],
    [{ allowedOrigins: '*' }, '-c allowedOrigins'],
    [{ allowedOrigins: 'https://a.example/path' }, '-c allowedOrigins'],
    [{ allowedOrigins: 'https://a.example,' }, '-c allowedOrigins'],
    [{ firewall: 'true' }, '-c firewall'],
  ])('refuse %j', (request, sentence) => {
    expect(() => stageSettings({ stage: 'prod', ...request })).toThrow(sentence);
  });
});
