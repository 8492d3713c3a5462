import type { Proposal } from '../../../domain/ownership/trial/proposal.ts';
import { dictionary, maybe, nullable, parseBody } from '../../fields.ts';
import { writtenText } from '../written-text.ts';
import { mappingOf, previewedFiles } from './codeowners.ts';
import { ruleTests, toRuleTests } from './rule-test.ts';

/** The body of a request for a preview: what is absent stays as it is. */
export const preview = dictionary({
  raw: maybe(nullable(writtenText())),
  codeowners: maybe(previewedFiles),
  tests: maybe(ruleTests),
});

/** Reads the rules of a preview. Throws `request.invalid` with the messages of wrong fields. */
export function parsePreview(body: unknown): Proposal {
  const { raw, codeowners, tests } = parseBody(preview, body);
  return {
    ...(raw === undefined ? {} : { raw }),
    ...(tests === undefined ? {} : { tests: toRuleTests(tests) }),
    ...(codeowners === undefined
      ? {}
      : {
          codeowners: codeowners.map(({ id, raw: text, ...file }) => ({
            ...(id === undefined ? {} : { id }),
            raw: text,
            ...mappingOf(file),
          })),
        }),
  };
}
