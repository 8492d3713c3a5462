import {
  BatchGetItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import {
  get,
  KEY,
  many,
  put,
  putIf,
  query,
  remove,
  S,
  strictTable,
  TABLE,
  transact,
  update,
  V,
} from '../../support/strict-table.ts';

const table = strictTable();

const reserved = (word: string) =>
  `Attribute name is a reserved keyword; reserved keyword: ${word}`;

it.each([
  ['a condition', putIf('attribute_exists(name)'), 'Condition', 'name'],
  [
    'a condition behind one that holds',
    putIf('attribute_not_exists(foo) OR name = foo'),
    'Condition',
    'name',
  ],
  ['a deletion', remove({ ConditionExpression: 'attribute_exists(name)' }), 'Condition', 'name'],
  ['an update', update('SET name = :v', V), 'Update', 'name'],
  ['an update, in capitals', update('SET Status = :v', V), 'Update', 'Status'],
  ['a path', update('SET foo.name = :v', V), 'Update', 'name'],
  ['a projection', get({ ProjectionExpression: 'pk, ttl' }), 'Projection', 'ttl'],
  ['a filter', query({ FilterExpression: 'size = :p' }), 'Filter', 'size'],
  [
    'a key condition',
    query({ KeyConditionExpression: 'pk = :p AND count = :p' }),
    'KeyCondition',
    'count',
  ],
  [
    'a scan',
    new ScanCommand({ ...TABLE, FilterExpression: 'attribute_exists(name)' }),
    'Filter',
    'name',
  ],
  [
    'a batch',
    new BatchGetItemCommand({
      RequestItems: { [TABLE.TableName]: { Keys: [KEY], ProjectionExpression: 'ttl' } },
    }),
    'Projection',
    'ttl',
  ],
  [
    'a read in a transaction',
    new TransactGetItemsCommand({
      TransactItems: [{ Get: { ...TABLE, Key: KEY, ProjectionExpression: 'ttl' } }],
    }),
    'Projection',
    'ttl',
  ],
  [
    'a transaction, whose other conditions fail',
    transact([
      {
        Put: {
          ...TABLE,
          Item: { pk: S('z'), sk: S('z') },
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
      { ConditionCheck: { ...TABLE, Key: KEY, ConditionExpression: 'attribute_exists(name)' } },
    ]),
    'Condition',
    'name',
  ],
])('a reserved word is refused in %s', async (_, command, expression, word) => {
  expect(await table.refusal(command)).toMatchObject({
    name: 'ValidationException',
    message: `Invalid ${expression}Expression: ${reserved(word)}`,
  });
});

const values = (count: number) => Object.fromEntries(many(count, (i) => [`:v${i}`, S(`a${i}`)]));
const UNUSED = { ...V, ':w': S('y') };
const N = { ':v': { N: '1' } };
const BOUNDS = { ':a': S('b'), ':b': S('a') };
const undefinedValue = (name: string) =>
  `An expression attribute value used in expression is not defined; attribute value: ${name}`;
const undefinedName = (name: string) =>
  `An expression attribute name used in the document path is not defined; attribute name: ${name}`;
const paths = (how: string, one: string, two: string) =>
  `Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: [${one}], path two: [${two}]`;
const operand = (name: string, type: string) =>
  `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`;
const misused = (name: string) =>
  `The function is not allowed to be used this way in an expression; function: ${name}`;

it.each([
  ['SET foo = :w', V, undefinedValue(':w')],
  ['SET #n = :v', V, undefinedName('#n')],
  ['SET foo = :v, foo = :v', V, paths('overlap', 'foo', 'foo')],
  ['SET foo = :v, foo.bar = :v', V, paths('overlap', 'foo', 'foo, bar')],
  ['SET foo = :v REMOVE foo', V, paths('overlap', 'foo', 'foo')],
  ['SET foo[0] = :v REMOVE foo[0].bar', V, paths('overlap', 'foo, [0]', 'foo, [0], bar')],
  ['SET foo[0] = :v, foo.bar = :v', V, paths('conflict', 'foo, [0]', 'foo, bar')],
  [
    'SET foo = :v SET bar = :v',
    V,
    'The "SET" section can only be used once in an update expression;',
  ],
  [
    'ADD foo :v',
    V,
    'Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
  ],
  [
    'DELETE foo :v',
    N,
    'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER',
  ],
  ['SET foo = foo + :v', V, operand('+', 'S')],
  ['SET foo = list_append(foo, :v)', V, operand('list_append', 'S')],
  [
    'SET foo = if_not_exists(:v, :v)',
    V,
    'Operator or function requires a document path; operator or function: if_not_exists',
  ],
  ['SET foo = size(bar)', undefined, misused('size')],
  ['SET foo :v', V, 'Syntax error; token: ":v", near: "foo :v"'],
  ['SET foo-bar = :v', V, 'Syntax error; token: "-", near: "foo - bar"'],
  ['', undefined, 'The expression can not be empty;'],
  [
    `REMOVE ${'a'.repeat(4_090)}`,
    undefined,
    'Expression size has exceeded the maximum allowed size; expression size: 4097',
  ],
])('the update "%.40s" is refused, also in a transaction', async (text, of, problem) => {
  const message = `Invalid UpdateExpression: ${problem}`;
  const command = update(text, of);
  expect(await table.refusal(command)).toMatchObject({ name: 'ValidationException', message });
  const { TableName, Key, UpdateExpression, ExpressionAttributeValues } = command.input;
  const Update = { TableName, Key, UpdateExpression, ...(of && { ExpressionAttributeValues }) };
  expect(await table.refusal(transact([{ Update }]))).toMatchObject({ message });
});

it.each([
  ['attribute_exists(#n)', undefined, undefinedName('#n')],
  ['attribute_not_exists(foo) OR foo = :x', undefined, undefinedValue(':x')],
  ['exists(pk)', undefined, 'Invalid function name; function: exists'],
  [
    'begins_with(pk)',
    undefined,
    'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
  ],
  ['begins_with(foo, :v)', N, operand('begins_with', 'N')],
  ['size(pk)', undefined, misused('size')],
  ['attribute_exists(pk) = :v', V, misused('attribute_exists')],
  [
    'attribute_type(pk, :v)',
    V,
    'Invalid attribute type name found; type: x, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
  ],
  [
    'attribute_exists(:v)',
    V,
    'Operator or function requires a document path; operator or function: attribute_exists',
  ],
  [
    'pk = pk',
    undefined,
    'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [pk]',
  ],
  ['foo < :v', { ':v': { L: [] } }, operand('<', 'L')],
  ['((attribute_exists(pk)))', undefined, 'The expression has redundant parentheses;'],
  ['attribute_exists(pk) AND', undefined, 'Syntax error; token: "<EOF>", near: "AND"'],
  [
    'foo BETWEEN :a AND :b',
    BOUNDS,
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
  ],
  [
    `pk IN (${Object.keys(values(101))})`,
    values(101),
    'The IN operator is provided with too many operands; number of operands: 101',
  ],
  [
    many(151, () => 'a=:v').join(' OR '),
    V,
    'The expression contains more than 300 operators; number of operators: 301',
  ],
])('the condition "%.40s" is refused', async (text, of, problem) => {
  expect(await table.refusal(putIf(text, of))).toMatchObject({
    name: 'ValidationException',
    message: `Invalid ConditionExpression: ${problem}`,
  });
});

it.each([
  [
    'a value',
    update('SET foo = :v', UNUSED),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  ],
  [
    'a name',
    update('SET foo = :v', V, { '#n': 'name' }),
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}',
  ],
  [
    'a value of a condition',
    putIf('attribute_exists(pk)', V),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  ],
  [
    'a value in a transaction',
    transact([
      {
        ConditionCheck: {
          ...TABLE,
          Key: KEY,
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: V,
        },
      },
    ]),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  ],
  [
    'a value without expressions',
    put({}, { ExpressionAttributeValues: V }),
    'ExpressionAttributeValues can only be specified when using expressions',
  ],
  [
    'a name without expressions',
    get({ ExpressionAttributeNames: { '#a': 'b' } }),
    'ExpressionAttributeNames can only be specified when using expressions',
  ],
  [
    'a value without its colon',
    update('SET foo = :v', { ...V, w: S('y') }),
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "w"',
  ],
  [
    'a name without its sign',
    update('SET foo = :v', V, { n: 'name' }),
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"',
  ],
  [
    'an empty map of values',
    update('REMOVE foo', {}),
    'ExpressionAttributeValues must not be empty',
  ],
  [
    'an alias that hides an overlap',
    update('SET #a = :v REMOVE foo', V, { '#a': 'foo' }),
    `Invalid UpdateExpression: ${paths('overlap', 'foo', 'foo')}`,
  ],
  [
    'an overlap in a projection',
    get({ ProjectionExpression: 'foo, foo.bar' }),
    `Invalid ProjectionExpression: ${paths('overlap', 'foo', 'foo, bar')}`,
  ],
])('%s that no expression uses or may use is refused', async (_, command, message) => {
  expect(await table.refusal(command)).toMatchObject({ name: 'ValidationException', message });
});

it.each([
  ['brackets', putIf('(attribute_exists(pk) OR foo = :v) AND (NOT (bar = :v))', V)],
  ['brackets around two conditions', putIf('((foo = :v) OR (bar = :v))', V)],
  ['a size', putIf('size(foo) > :v', N)],
  ['all operators', putIf('foo IN (:v, bar) AND bar BETWEEN :v AND :v AND foo <> :v', V)],
  [
    'all sections',
    update('SET foo.bar = if_not_exists(foo.baz, :v) REMOVE one ADD two :v DELETE three :s', {
      ...N,
      ':s': { SS: ['a'] },
    }),
  ],
  ['a sum and lists', update('SET foo = foo - :v, bar[1] = list_append(bar, baz)', N)],
  ['words in lower case', putIf('attribute_exists(pk) and not foo in (:v)', V)],
])('%s are understood', async (_, command) => {
  const { name, message } = await table.refusal(command);
  // What these expressions need is not in the table: the engine comes to evaluate them.
  expect([
    'accepted',
    'ConditionalCheckFailedException',
    'The document path provided in the update expression is invalid for update',
    'The provided expression refers to an attribute that does not exist in the item',
  ]).toContain(name === 'ValidationException' ? message : name);
});
