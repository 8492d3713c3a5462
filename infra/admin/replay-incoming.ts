import { parseArgs } from 'node:util';
import {
  DescribeArchiveCommand,
  type DescribeArchiveCommandOutput,
  EventBridgeClient,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { INCOMING_ARCHIVE, stageName, stageSettings } from '../stages.ts';
import { parseTime } from './time.ts';

export const REPLAY_INCOMING_USAGE = 'replay-incoming --since T [--until T] --stage NAME';

/**
 * `replay-incoming`: lets EventBridge put archived events of producers on the bus again, in the
 * background. Consumers ignore those that they have processed.
 *
 * @throws Error about an invalid argument or an unknown archive
 */
export async function replayIncoming(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { since: { type: 'string' }, until: { type: 'string' }, stage: { type: 'string' } },
  });
  const { since, until, stage } = values;
  if (since === undefined) {
    throw new Error('--since is missing: the time of the first event.');
  }
  if (stage === undefined) {
    throw new Error('Name a stage with --stage.');
  }
  const nowMs = Date.now();
  const sinceMs = parseTime('--since', since, nowMs);
  const untilMs = until === undefined ? nowMs : parseTime('--until', until, nowMs);
  if (sinceMs >= untilMs) {
    throw new Error('--since must be before --until, and before now.');
  }
  const name = stageName(stageSettings({ stage }), INCOMING_ARCHIVE);
  const client = new EventBridgeClient({});
  const { ArchiveArn, EventSourceArn } = await describeArchive(client, name);
  const replayName = `${name}-${nowMs}`;
  await client.send(
    new StartReplayCommand({
      ReplayName: replayName,
      EventSourceArn: ArchiveArn,
      Destination: { Arn: EventSourceArn },
      EventStartTime: new Date(sinceMs),
      EventEndTime: new Date(untilMs),
    }),
  );
  console.log(
    `EventBridge puts the events of ${name} on the bus again, as the replay ${replayName}.`,
  );
  return true;
}

async function describeArchive(
  client: EventBridgeClient,
  ArchiveName: string,
): Promise<DescribeArchiveCommandOutput> {
  try {
    return await client.send(new DescribeArchiveCommand({ ArchiveName }));
  } catch (error) {
    throw new Error(`The archive ${ArchiveName} cannot be read: ${(error as Error).message}`);
  }
}
