/** What an answer says is wrong: a sentence, or sentences by the names of fields. */
export function sentenceOf(answer: unknown): string | undefined {
  if (typeof answer === 'string') {
    return answer;
  }
  if (Array.isArray(answer)) {
    return joined(answer.map(sentenceOf));
  }
  if (typeof answer !== 'object' || answer === null) {
    return undefined;
  }
  if ('detail' in answer) {
    return sentenceOf(answer.detail);
  }
  if ('message' in answer) {
    return sentenceOf(answer.message);
  }
  return joined(
    Object.entries(answer).map(([field, value]) => {
      const sentence = sentenceOf(value);
      return sentence === undefined ? undefined : `${field}: ${sentence}`;
    }),
  );
}

function joined(sentences: readonly (string | undefined)[]): string | undefined {
  const said = sentences.filter((sentence) => sentence !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}
