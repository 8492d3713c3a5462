/** A typed value: `{"S": "text"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item or a key with typed values. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  L: 'LIST',
  M: 'MAP',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
};

/** The type: `S`, `N`, ...; empty for a value without one. */
export function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? '';
}

/** The name of the type in errors about the sections ADD and DELETE. */
export function typeWord(value: AttributeValue): string {
  return TYPE_WORDS[typeOf(value)] ?? typeOf(value);
}

/** The bytes of a string, number or binary in a key. */
export function keyBytes(value: AttributeValue): Buffer {
  return Buffer.from(String(Object.values(value)[0]), 'B' in value ? 'base64' : 'utf8');
}

/** Compares two values of one type as DynamoDB sorts keys: strings by their UTF-8 bytes. */
export function compareValues(left: AttributeValue, right: AttributeValue): number {
  if ('N' in left && 'N' in right) {
    return Number(left.N) - Number(right.N);
  }
  return Buffer.compare(keyBytes(left), keyBytes(right));
}

/** The value and all values in it, for lists and maps. */
export function* valuesIn(value: AttributeValue): Generator<AttributeValue> {
  yield value;
  const inner = value.L ?? value.M;
  for (const one of Object.values((inner ?? {}) as Record<string, AttributeValue>)) {
    yield* valuesIn(one);
  }
}
