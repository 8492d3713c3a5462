import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeadLetterQueues } from '../../infra/stage-parameters.ts';
import { runScriptHere } from '../support/commands/run-script.ts';
import {
  type AwsDouble,
  type AwsOperations,
  startAwsDouble,
} from '../support/doubles/aws-double.ts';
import { render, synthesize } from './template.ts';

let aws: AwsDouble | undefined;
afterEach(() => aws?.stop());

/** Runs `npm run admin` against an AWS that answers so. */
async function admin(args: readonly string[], operations: AwsOperations) {
  aws = await startAwsDouble(operations);
  return runScriptHere('infra/admin/admin.ts', args, { env: aws.env });
}

const sentTo = (target: string) => aws?.calls.filter(([name]) => name === target).map(([, x]) => x);

/** The URL of a queue leads to where it is, also for the SDK. */
const queues = (): DeadLetterQueues => {
  const base = `${aws?.env.AWS_ENDPOINT_URL}/1`;
  return {
    'dead-letters': { url: `${base}/dead` },
    undelivered: { url: `${base}/undelivered` },
    'sync-outbound-dead-letters': { url: `${base}/out.fifo`, to: 'arn:aws:sqs:x:1:out' },
  };
};

/** A message as SQS shows it; the SDK holds its body against the checksum. */
const message = (Body: string, Attributes = {}) => ({
  Body,
  MD5OfBody: createHash('md5').update(Body).digest('hex'),
  Attributes,
});

const account: AwsOperations = {
  'AmazonSSM.GetParameters': () => ({
    Parameters: [{ Name: '/baton/alice/dead-letters', Value: JSON.stringify(queues()) }],
  }),
  'AmazonSQS.GetQueueAttributes': ({ QueueUrl }) => ({
    Attributes: {
      QueueArn: `arn:of:${String(QueueUrl).split('/').at(-1)}`,
      ApproximateNumberOfMessages: String(QueueUrl).endsWith('dead') ? '3' : '0',
    },
  }),
  'AmazonSQS.ReceiveMessage': ({ VisibilityTimeout }) => {
    expect(VisibilityTimeout).toBe(0);
    const Attributes = { DeadLetterQueueSourceArn: 'arn:aws:sqs:x:1:group-seen-queue' };
    const seen = message(JSON.stringify({ 'detail-type': 'group.seen' }), Attributes);
    return { Messages: [seen, seen, message('not JSON')] };
  },
  'AmazonSQS.StartMessageMoveTask': () => ({ TaskHandle: 'x' }),
};

describe('npm run admin -- dead-letters', () => {
  it('says what lies in which queue, and from where it came', async () => {
    const { code, stdout } = await admin(['dead-letters', '--stage', 'alice'], account);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      'dead-letters: 3 messages, among them 2 group.seen from group-seen-queue, 1 that are no JSON',
      'undelivered: no messages',
      'sync-outbound-dead-letters: no messages',
    ]);
  });

  it.each([
    ['dead-letters', { SourceArn: 'arn:of:dead' }],
    [
      'sync-outbound-dead-letters',
      { SourceArn: 'arn:of:out.fifo', DestinationArn: 'arn:aws:sqs:x:1:out' },
    ],
  ])('moves %s back, to where each message came from or to the one queue', async (name, task) => {
    const { code } = await admin(['dead-letters', '--stage', 'alice', '--redrive', name], account);
    expect(code).toBe(0);
    expect(sentTo('AmazonSQS.StartMessageMoveTask')).toEqual([task]);
  });

  it.each([
    ['a queue that is not there', ['--stage', 'alice', '--redrive', 'x'], 'There is no queue x'],
    [
      'what never was in a queue',
      ['--stage', 'alice', '--redrive', 'undelivered'],
      'Put events on the bus again',
    ],
    ['no stage', [], 'Name a stage with --stage.'],
  ])('refuses %s', async (_, args, sentence) => {
    const { code, stderr } = await admin(['dead-letters', ...args], account);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
    expect(sentTo('AmazonSQS.StartMessageMoveTask')).toEqual([]);
  });

  it('finds in the stack every queue of dead letters', () => {
    const stack = synthesize('alice');
    const [found] = stack
      .all('AWS::SSM::Parameter')
      .filter(([, { Name }]) => Name === '/baton/alice/dead-letters');
    const said = JSON.parse(render(found?.[1].Value)) as DeadLetterQueues;
    const kept = stack
      .all('AWS::SQS::Queue')
      .filter(([, queue]) => queue.RedrivePolicy === undefined)
      .map(([id]) => `<${id}>`);
    expect(
      Object.values(said)
        .map(({ url }) => url)
        .sort(),
    ).toEqual(kept.sort());
  });
});

describe('npm run admin -- replay-incoming', () => {
  const archive: AwsOperations = {
    'AWSEvents.DescribeArchive': ({ ArchiveName }) => ({
      ArchiveArn: `arn:archive/${String(ArchiveName)}`,
      EventSourceArn: 'arn:bus',
    }),
    'AWSEvents.StartReplay': () => ({ State: 'STARTING' }),
  };

  it('has the archive of the stage put on its bus again', async () => {
    const args = ['replay-incoming', '--since', '2h', '--stage', 'alice'];
    const { code, stdout } = await admin(args, archive);
    expect(code).toBe(0);
    expect(stdout).toContain('baton-alice-incoming');
    const [replay] = sentTo('AWSEvents.StartReplay') ?? [];
    expect(replay).toMatchObject({
      EventSourceArn: 'arn:archive/baton-alice-incoming',
      Destination: { Arn: 'arn:bus' },
    });
    expect(Number(replay?.EventEndTime) - Number(replay?.EventStartTime)).toBeCloseTo(7_200, 0);
  });

  it('says when there is no archive', async () => {
    const args = ['replay-incoming', '--since', '2h', '--stage', 'alice'];
    const { code, stderr } = await admin(args, {});
    expect(stderr).toContain('The archive baton-alice-incoming');
    expect(code).toBe(1);
  });
});
