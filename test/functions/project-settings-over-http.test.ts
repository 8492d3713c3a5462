import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXED_SETTINGS } from '../../shared/domain/projects/project-options.ts';
import { settingFields } from '../../shared/http/schemas/projects/project-settings.ts';
import { projectsOverHttp } from '../support/projects-over-http.ts';

const { update, get, eventsOf, freshProject } = await projectsOverHttp();

type Settings = Readonly<Record<string, unknown>>;

const line = fc.string({ unit: fc.constantFrom(...'aZ09-_:*. /#é🙂'), maxLength: 40 });
const trimmed = line.map((text) => text.trim());
const filled = trimmed.filter((text) => text !== '');
const rules = fc.array(trimmed, { maxLength: 5 }).map((lines) => lines.join('\n').trim());
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
const seconds = fc.integer({ min: 60, max: 86_400 });

/** What each setting can be; one that is new does not go untried. */
const settings: Readonly<Record<keyof typeof settingFields, fc.Arbitrary<unknown>>> = {
  resolveAge: fc.integer({ min: 0, max: 8_784 }),
  defaultEnvironment: filled,
  subjectPrefix: trimmed,
  subjectTemplate: trimmed,
  digestsMinDelay: seconds,
  digestsMaxDelay: seconds,
  allowedDomains: fc.array(filled, { maxLength: 5 }),
  scrapeJavaScript: fc.boolean(),
  securityToken: fc.stringMatching(/^[a-zA-Z0-9+/=-]{0,64}$/),
  securityTokenHeader: fc.stringMatching(/^[a-zA-Z0-9_-]{0,20}$/),
  verifySSL: fc.boolean(),
  fingerprintingRules: rules,
  groupingEnhancements: rules,
  groupingConfig: trimmed,
  highlightTags: fc.array(filled, { maxLength: 5 }),
  highlightContext: fc.dictionary(name, fc.array(filled, { maxLength: 3 }), { maxKeys: 4 }),
};

describe('the settings of a project', () => {
  it('are answered as they were set, whichever are, by the update and ever after', async () => {
    const { id } = await freshProject();
    const shown = async () => (await get(id)).body as Settings;
    let expected: Settings = {};
    await fc.assert(
      fc.asyncProperty(fc.record(settings, { requiredKeys: [] }), async (given) => {
        const answer = await update(id, given);
        expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
        expected = { ...expected, ...given };
        expect(answer.body).toMatchObject(expected);
        expect(await shown()).toMatchObject(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('can be set to what they are: all of an answer is taken back, and nothing changes', async () => {
    const { id } = await freshProject();
    const { body } = await get(id);
    const fields = [...Object.keys(settingFields), ...Object.keys(FIXED_SETTINGS)];
    const shown = Object.fromEntries(fields.map((field) => [field, (body as Settings)[field]]));
    expect(Object.values(shown)).not.toContain(undefined);
    const answer = await update(id, shown);
    expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
    expect((await get(id)).body).toMatchObject(shown);
  });

  it('are told in one event with the rest of an update, but for what is secret', async () => {
    const { id, name: old } = await freshProject();
    await update(id, { name: 'Renamed', verifySSL: true, securityToken: 'c2VjcmV0' });
    expect((await eventsOf(id)).slice(1)).toEqual([
      {
        type: 'project.updated',
        version: 2,
        data: {
          changed: {
            name: [old, 'Renamed'],
            options: [{}, { 'sentry:verify_ssl': true, 'sentry:token': '********' }],
          },
        },
      },
    ]);
    expect((await get(id)).body).toMatchObject({ securityToken: 'c2VjcmV0' });
  });

  it('are copied from another project with its options', async () => {
    const source = await freshProject();
    const target = await freshProject();
    const given = { allowedDomains: ['a.example'], verifySSL: true, highlightTags: ['release'] };
    await update(source.id, given);
    await update(target.id, { groupingConfig: 'mine' });
    const { body } = await update(target.id, { copy_from_project: source.slug });
    expect(body).toMatchObject({ ...given, groupingConfig: '' });
  });

  it.each<[string, Settings]>([
    ['resolveAge', { resolveAge: -1 }],
    ['digestsMinDelay', { digestsMinDelay: 'soon' }],
    ['allowedDomains', { allowedDomains: '*' }],
    ['allowedDomains', { allowedDomains: Array(101).fill('a') }],
    ['scrapeJavaScript', { scrapeJavaScript: 'perhaps' }],
    ['securityToken', { securityToken: 'käse' }],
    ['securityToken', { securityToken: 'a'.repeat(256) }],
    ['securityTokenHeader', { securityTokenHeader: 'X Token' }],
    ['verifySSL', { verifySSL: null }],
    ['fingerprintingRules', { fingerprintingRules: 'a'.repeat(16_385) }],
    ['groupingEnhancements', { groupingEnhancements: {} }],
    ['highlightTags', { highlightTags: [''] }],
    ['highlightContext', { highlightContext: [] }],
    ['highlightContext', { highlightContext: { device: 'all' } }],
    ['options', { options: { 'sentry:resolve_age': 'soon' } }],
    ['options', { options: { 'sentry:token': 'käse' } }],
  ])('are refused where they make no sense, and nothing is written: %s', async (field, given) => {
    const { id } = await freshProject();
    const answer = await update(id, { name: 'Renamed', ...given });
    expect(answer).toMatchObject({ statusCode: 400, body: { [field]: [expect.any(String)] } });
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it.each(Object.keys(FIXED_SETTINGS))(
    'that Baton has no part in are refused: %s',
    async (field) => {
      const { id } = await freshProject();
      const answer = await update(id, { [field]: 'something else' });
      expect(answer).toMatchObject({
        statusCode: 400,
        body: { [field]: [expect.stringMatching(/^Baton does not support this setting/)] },
      });
    },
  );

  it('that nobody knows are ignored', async () => {
    const { id } = await freshProject();
    expect((await update(id, { colour: 'red' })).statusCode).toBe(200);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('are read in the same way from the options that hold them', async () => {
    const { id } = await freshProject();
    const { body } = await update(id, { options: { 'sentry:verify_ssl': 'yes' } });
    expect(body).toMatchObject({ verifySSL: true, options: { 'sentry:verify_ssl': true } });
  });
});
