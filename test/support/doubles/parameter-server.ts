import { type RunningServer, startDouble } from '../trackers/double-server.ts';

/** The parameter store as its clients reach it over HTTP, with these values in it. */
export function startParameterServer(
  values: Readonly<Record<string, unknown>>,
): Promise<RunningServer> {
  return startDouble([
    [
      'POST',
      /^\/$/,
      ({ body }) => {
        const { Name = '' } = body as { Name?: string };
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
