import { type RunningServer, startDouble } from '../trackers/double-server.ts';

/** The parameter store as its clients reach it over HTTP, with these values in it at first. */
export function startParameterServer(
  initial: Readonly<Record<string, unknown>>,
): Promise<RunningServer> {
  const values: Record<string, unknown> = { ...initial };
  return startDouble([
    [
      'POST',
      /^\/$/,
      ({ body, headers }) => {
        const { Name = '', Value = '' } = body as { Name?: string; Value?: string };
        if (headers['x-amz-target'] === 'AmazonSSM.PutParameter') {
          values[Name] = JSON.parse(Value);
          return { status: 200, body: { Version: 1 } };
        }
        return Object.hasOwn(values, Name)
          ? {
              status: 200,
              body: { Parameter: { Name, Value: JSON.stringify(values[Name]), Version: 1 } },
            }
          : { status: 400, body: { __type: 'ParameterNotFound' } };
      },
    ],
  ]);
}
