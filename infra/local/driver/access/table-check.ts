import type { TableCheck } from '../engines/table-front.ts';
import { arnOf } from '../template/deployment.ts';
import type { Access } from './access.ts';
import { tableDemands } from './demands.ts';

/**
 * Refuses calls of DynamoDB that the role of the caller does not allow, with the error of DynamoDB.
 */
export function createTableAccessCheck(
  access: Access,
  table: { readonly name: string; readonly arn: string },
): TableCheck {
  const tableArn = (name: string) =>
    name === table.name ? table.arn : arnOf('dynamodb', `table/${name}`);
  return ({ operation, input, keyId }) => {
    const refused = access.check(keyId, tableDemands(operation, input, tableArn));
    return (
      refused && {
        status: refused.status,
        body: {
          __type: `com.amazon.coral.service#${refused.code}`,
          Message: refused.message,
        },
      }
    );
  };
}
