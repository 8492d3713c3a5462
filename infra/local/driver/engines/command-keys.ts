import { exists, getKeyIndexes } from '@ioredis/commands';
import calculateSlot from 'cluster-key-slot';

/** The keys of a command (its name and arguments); none for a command that is unknown. */
export function keysOf([name, ...args]: readonly Buffer[]): Buffer[] {
  const command = String(name).toLowerCase();
  if (!exists(command)) {
    return [];
  }
  return getKeyIndexes(command, args).flatMap((index) => args[index] ?? []);
}

/**
 * The slot of a key: of the text in its first braces when there is some, else of all of it. Where
 * the first braces are empty and others follow, it is the slot that ioredis sends the key to, which
 * is not the one of a server.
 */
export function slotOf(key: Buffer): number {
  return calculateSlot(key);
}
