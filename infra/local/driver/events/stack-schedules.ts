import { type ConnectionOptions, functionOf } from '../template/connections.ts';
import { createSchedules, parseRate, type Schedules } from './schedules.ts';

/** The schedules of the stack, by their names in the template. */
export function createStackSchedules({ deployment, functions }: ConnectionOptions): Schedules {
  return createSchedules(
    deployment.resourcesOf('AWS::Scheduler::Schedule').map(({ name, path, properties }) => {
      const { Arn, Input } = properties.Target as { Arn: string; Input?: string };
      return {
        name,
        everyMs: parseRate(properties.ScheduleExpression, `${path}.ScheduleExpression`),
        enabled: properties.State !== 'DISABLED',
        target: functionOf(functions, Arn),
        input: Input === undefined ? {} : JSON.parse(Input),
      };
    }),
  );
}
