import * as v from 'valibot';

/** Why a request was refused, in a sentence. Some refusals have more keys beside it. */
export const refusal = v.looseObject({ detail: v.string() });

/** What is wrong with the fields of a body: sentences for each. */
export const fieldErrors = v.record(v.string(), v.array(v.string()));

/** Where a thing is now that has another name than before. */
export const moved = v.strictObject({
  detail: v.strictObject({
    code: v.literal('resource-moved'),
    message: v.string(),
    extra: v.strictObject({ url: v.string(), slug: v.string() }),
  }),
});
