/** `npm run admin`: the commands of operators for a stack. */
import { ALLOW_PRIVATE_ADDRESS_USAGE, allowPrivateAddress } from './allow-private-address.ts';
import type { Command } from './command.ts';
import { DEAD_LETTERS_USAGE, deadLetters } from './dead-letters.ts';
import { ENTER_LISTS_USAGE, enterLists } from './enter-lists.ts';
import { leftovers } from './leftovers.ts';
import { members } from './members.ts';
import { operations } from './operations/operations.ts';
import { organizations } from './organizations.ts';
import { REPLAY_USAGE, replay } from './replay.ts';
import { REPLAY_INCOMING_USAGE, replayIncoming } from './replay-incoming.ts';
import { secrets } from './secrets.ts';
import { teams } from './teams.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    organizations,
    users,
    teams,
    members,
    tokens,
    secrets,
    leftovers,
    operations,
    replay: {
      usage: [
        [
          REPLAY_USAGE,
          'puts the events recorded since T (2h, 3d, or a time such as 2026-01-31T09:00:00Z; ' +
            'kept for 7 days) on the bus again; consumers ignore those that they have processed',
        ],
      ],
      run: replay,
    },
    'replay-incoming': {
      usage: [
        [
          REPLAY_INCOMING_USAGE,
          'puts the events of producers since T (kept for 7 days) on the bus of a deployed stage ' +
            'again',
        ],
      ],
      run: replayIncoming,
    },
    'dead-letters': {
      usage: [
        [
          DEAD_LETTERS_USAGE,
          'shows what the dead-letter queues of a deployed stage contain; --redrive moves the ' +
            'messages of one back to their source queues',
        ],
      ],
      run: deadLetters,
    },
    'enter-lists': {
      usage: [
        [
          ENTER_LISTS_USAGE,
          'enters the issues from before December 2026 in the lists of their organizations, and ' +
            'gathers what users have set of them, beside live traffic; safe to repeat',
        ],
      ],
      run: enterLists,
    },
    'allow-private-address': {
      usage: [
        [
          ALLOW_PRIVATE_ADDRESS_USAGE,
          'whether the tracker of an integration may have an address in a private network',
        ],
      ],
      run: allowPrivateAddress,
    },
  }),
);

const [name = '', ...args] = process.argv.slice(2);
const command = commands.get(name);
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  if (isAboutArguments(error)) {
    console.error(usageOf(command));
  }
  process.exitCode = 1;
}

async function run(): Promise<boolean> {
  if (name === '--help' || (command !== undefined && args.includes('--help'))) {
    console.log(usageOf(command));
    return true;
  }
  if (command !== undefined) {
    return command.run(args);
  }
  console.error(name === '' ? 'The name of a command is missing.' : `There is no command ${name}.`);
  console.error(usageOf(undefined));
  return false;
}

/** The usage of one command, or of all. */
function usageOf(one: Command | undefined): string {
  const lines = (one === undefined ? [...commands.values()] : [one]).flatMap(({ usage }) => usage);
  return [
    'Usage:',
    ...lines.flatMap(([line, about]) => [`  npm run admin -- ${line}`, `    ${about}`]),
  ].join('\n');
}

/** Whether `parseArgs` threw the error: its message does not list the valid arguments. */
function isAboutArguments(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}
