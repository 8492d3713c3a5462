/** The order in which a queue hands out what is visible. */
export type MessageLine<M> = {
  /** A new message. */
  push(message: M): void;
  /** Takes up to `max` messages; they are in flight until `returned` or `gone`. */
  take(max: number): M[];
  /** A message in flight is visible again. */
  returned(message: M): void;
  /** A message in flight will not come back. */
  gone(message: M): void;
  /** How many messages can be taken now. */
  size(): number;
};

/** First come, first served, and nobody waits for anybody. */
export function createStandardLine<M>(): MessageLine<M> {
  let head = 0;
  let messages: M[] = [];
  const size = () => messages.length - head;
  return {
    push: (message) => void messages.push(message),
    returned: (message) => void messages.push(message),
    gone: () => {},
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

/** In order within a group; a group with a message in flight gives no other. */
export function createFifoLine<
  M extends { readonly groupId?: string | undefined; readonly sequence: number },
>(): MessageLine<M> {
  type Group = { waiting: M[]; inFlight: number };
  const groups = new Map<string, Group>();
  /** The groups that can give something, the one that waits longest first. */
  const ready = new Set<string>();
  let size = 0;

  const groupOf = ({ groupId = '' }: M): Group => {
    const group = groups.get(groupId) ?? { waiting: [], inFlight: 0 };
    groups.set(groupId, group);
    return group;
  };

  const settle = ({ groupId = '' }: M, group: Group) => {
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
        settle(message, group);
      }
    },
    returned(message) {
      const group = groupOf(message);
      const index = group.waiting.findIndex((other) => other.sequence > message.sequence);
      group.waiting.splice(index < 0 ? group.waiting.length : index, 0, message);
      group.inFlight -= 1;
      settle(message, group);
    },
    gone(message) {
      const group = groupOf(message);
      group.inFlight -= 1;
      settle(message, group);
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
