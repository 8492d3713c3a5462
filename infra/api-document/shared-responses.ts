type Responses = Readonly<Record<string, object>>;

/** The least status of a refusal. */
const BAD_REQUEST = 400;

/**
 * The refusals that operations have in common, each written once and referred to by its name:
 * `Refused404`, and `Refused429_2` for the second one with this status.
 */
export function createSharedResponses() {
  const names = new Map<string, string>();
  const responses: Record<string, object> = {};
  const nameOf = (status: string, response: object): string => {
    const text = JSON.stringify(response);
    const known = names.get(text);
    if (known !== undefined) {
      return known;
    }
    const nth = [...names.values()].filter((name) => name.split('_')[0] === `Refused${status}`);
    const name = `Refused${status}${nth.length === 0 ? '' : `_${nth.length + 1}`}`;
    names.set(text, name);
    responses[name] = response;
    return name;
  };
  return {
    /** The responses of an operation, with references in the place of its refusals. */
    refer(all: Responses): Responses {
      return Object.fromEntries(
        Object.entries(all).map(([status, response]) =>
          Number(status) < BAD_REQUEST
            ? [status, response]
            : [status, { $ref: `#/components/responses/${nameOf(status, response)}` }],
        ),
      );
    },
    /** What was referred to so far. */
    all: (): Responses => ({ ...responses }),
  };
}
