import { exists, getKeyIndexes } from '@ioredis/commands';
import calculateSlot from 'cluster-key-slot';

/** The keys of a command, given as its name and arguments; empty for an unknown command. */
export function keysOf([name, ...args]: readonly Buffer[]): Buffer[] {
  const command = String(name).toLowerCase();
  if (!exists(command)) {
    return [];
  }
  return getKeyIndexes(command, args).flatMap((index) => args[index] ?? []);
}

/**
 * The slot of a key: of the text in its first braces, or of all of it if there is none. If the
 * first braces are empty and others follow, it is the slot that ioredis chooses, which differs from
 * that of a server.
 */
export function slotOf(key: Buffer): number {
  return calculateSlot(key);
}
