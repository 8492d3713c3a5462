/** The visible messages of a queue, in the order in which they are received. */
export type MessageBuffer<M> = {
  /** Adds a new message. */
  push(message: M): void;
  /** Takes up to `max` messages; they are in flight until `putBack` or `remove`. */
  take(max: number): M[];
  /** Makes a message in flight visible again. */
  putBack(message: M): void;
  /** Ends the flight of a message that was deleted. */
  remove(message: M): void;
  /** The number of messages that can be taken now. */
  size(): number;
};

/** A standard queue: messages in the order of their arrival, all independent. */
export function createStandardBuffer<M>(): MessageBuffer<M> {
  let head = 0;
  let messages: M[] = [];
  const size = () => messages.length - head;
  return {
    push: (message) => void messages.push(message),
    putBack: (message) => void messages.push(message),
    remove: () => {},
    size,
    take(max) {
      const taken = messages.slice(head, head + max);
      head += taken.length;
      if (head > 1_000 && head * 2 > messages.length) {
        messages = messages.slice(head);
        head = 0;
      }
      return taken;
    },
  };
}

/** A FIFO queue: messages in order within a group, and none of a group with messages in flight. */
export function createFifoBuffer<
  M extends { readonly groupId?: string | undefined; readonly sequence: number },
>(): MessageBuffer<M> {
  type Group = { waiting: M[]; inFlight: number };
  const groups = new Map<string, Group>();
  /** The groups whose messages can be taken, in the order in which they became ready. */
  const ready = new Set<string>();
  let size = 0;

  const groupOf = ({ groupId = '' }: M): Group => {
    const group = groups.get(groupId) ?? { waiting: [], inFlight: 0 };
    groups.set(groupId, group);
    return group;
  };

  /** Makes a group ready if it has messages and none in flight; forgets an empty one. */
  const updateReady = ({ groupId = '' }: M, group: Group) => {
    if (group.inFlight > 0 || ready.has(groupId)) {
      return;
    }
    if (group.waiting.length === 0) {
      groups.delete(groupId);
      return;
    }
    ready.add(groupId);
    size += group.waiting.length;
  };

  return {
    push(message) {
      const group = groupOf(message);
      group.waiting.push(message);
      if (ready.has(message.groupId ?? '')) {
        size += 1;
      } else {
        updateReady(message, group);
      }
    },
    putBack(message) {
      const group = groupOf(message);
      const index = group.waiting.findIndex((other) => other.sequence > message.sequence);
      group.waiting.splice(index < 0 ? group.waiting.length : index, 0, message);
      group.inFlight -= 1;
      updateReady(message, group);
    },
    remove(message) {
      const group = groupOf(message);
      group.inFlight -= 1;
      updateReady(message, group);
    },
    size: () => size,
    take(max) {
      const taken: M[] = [];
      for (const groupId of ready) {
        if (taken.length >= max) {
          break;
        }
        const group = groups.get(groupId);
        if (!group) {
          continue;
        }
        ready.delete(groupId);
        size -= group.waiting.length;
        const part = group.waiting.splice(0, max - taken.length);
        group.inFlight += part.length;
        taken.push(...part);
      }
      return taken;
    },
  };
}
