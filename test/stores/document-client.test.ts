import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { documentClient } from '../../shared/stores/document-client.ts';

it('leaves out the log of calls that the SDK writes for nobody, and nothing else', () => {
  const client = new DynamoDBClient({ region: 'local' });
  const before = client.middlewareStack.identify();
  const after = documentClient(client).middlewareStack.identify();
  const left = before.filter((one) => !after.includes(one));
  expect(left).toEqual([expect.stringMatching(/^loggerMiddleware /)]);
  expect(after).toEqual(before.filter((one) => !left.includes(one)));
});
