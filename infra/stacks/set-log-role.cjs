// Behind a custom resource of the region's stack. The SDK is the one that the Lambda runtime brings along.
const {
  APIGatewayClient,
  GetAccountCommand,
  UpdateAccountCommand,
} = require('@aws-sdk/client-api-gateway');

const client = new APIGatewayClient({});
const ATTEMPTS = 6;

/** Sets the role, unless the account has one. Answers which role it has now. */
async function setLogRole({ RoleArn: value, PauseMs = '5000' }) {
  const { cloudwatchRoleArn } = await client.send(new GetAccountCommand({}));
  if (cloudwatchRoleArn) {
    return cloudwatchRoleArn;
  }
  const patchOperations = [{ op: 'replace', path: '/cloudwatchRoleArn', value }];
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new UpdateAccountCommand({ patchOperations }));
      return value;
    } catch (error) {
      // A role is known everywhere only some seconds after it was made.
      if (attempt === ATTEMPTS) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, Number(PauseMs)));
    }
  }
}

async function answer({ RequestType, ResourceProperties }) {
  // When the stack goes the role stays: other APIs may have come to rely on it.
  if (RequestType === 'Delete') {
    return { Status: 'SUCCESS' };
  }
  try {
    return { Status: 'SUCCESS', Data: { LogRole: await setLogRole(ResourceProperties) } };
  } catch (error) {
    return { Status: 'FAILED', Reason: `The log role cannot be set: ${error.message}` };
  }
}

exports.handler = async (event) => {
  const { StackId, RequestId, LogicalResourceId } = event;
  const about = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'gateway-log-role' };
  const body = JSON.stringify({ ...about, ...(await answer(event)) });
  await fetch(event.ResponseURL, { method: 'PUT', body });
};
