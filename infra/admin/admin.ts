/** `npm run admin`: what an operator does to a stack by hand. */
import { ALLOW_PRIVATE_ADDRESS_USAGE, allowPrivateAddress } from './allow-private-address.ts';
import { DEAD_LETTERS_USAGE, deadLetters } from './dead-letters.ts';
import { REPLAY_USAGE, replay } from './replay.ts';
import { REPLAY_INCOMING_USAGE, replayIncoming } from './replay-incoming.ts';

/** Answers whether all that was asked for is done. */
type Command = (args: readonly string[]) => Promise<boolean>;

const commands: Readonly<Record<string, Command>> = {
  replay,
  'replay-incoming': replayIncoming,
  'dead-letters': deadLetters,
  'allow-private-address': allowPrivateAddress,
};

const usage = `Usage:
  ${REPLAY_USAGE}
    puts the events recorded since T (2h, 3d, or a time such as 2026-01-31T09:00:00Z; kept for 7 days) on the bus
    again; consumers ignore those that they have seen
  ${REPLAY_INCOMING_USAGE}
    puts the events that came from outside since T (kept for 7 days) on the bus of a deployed stage again
  ${DEAD_LETTERS_USAGE}
    what lies in the queues of dead letters of a deployed stage; --redrive moves a queue's back to where they came from
  ${ALLOW_PRIVATE_ADDRESS_USAGE}
    whether the tracker of an integration may lie inside a private network`;

const [name = '', ...args] = process.argv.slice(2);
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  if (isAboutArguments(error)) {
    console.error(usage);
  }
  process.exitCode = 1;
}

async function run(): Promise<boolean> {
  if (name === '--help') {
    console.log(usage);
    return true;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) {
    return command(args);
  }
  console.error(name === '' ? 'Name a command.' : `There is no command ${name}.`);
  console.error(usage);
  return false;
}

/** Node's own reader of arguments says what is wrong with one, but not what there is. */
function isAboutArguments(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}
