import type { Directory, OpenChannel, OpenWorkspace } from './directory.ts';

/** What counts the calls to the world outside. */
export interface CallCounter {
  during<T>(outside: Promise<T>): Promise<T>;
  /** A copy of an object of functions. What they promise is counted. */
  countCalls<T extends object>(target: T): T;
}

/** The same directory. The calls of its channels and inboxes are counted, but for sends: those are part of a delivery. */
export function countedDirectory(directory: Directory, counter: CallCounter): Directory {
  const channels = new WeakMap<OpenChannel['channel'], OpenChannel['channel']>();
  const inboxes = new WeakMap<OpenWorkspace['inbox'], OpenWorkspace['inbox']>();

  const countChannel = ({ record, channel }: OpenChannel): OpenChannel => {
    const counted = channels.get(channel) ?? { ...counter.countCalls(channel), send: channel.send };
    channels.set(channel, counted);
    return { record, channel: counted };
  };
  const countWorkspace = ({ record, inbox, teammates }: OpenWorkspace): OpenWorkspace => {
    const counted = inboxes.get(inbox) ?? counter.countCalls(inbox);
    inboxes.set(inbox, counted);
    return { record, inbox: counted, teammates: () => counter.during(teammates()) };
  };

  return {
    ...directory,
    channel: (id) => mapFound(directory.channel(id), countChannel),
    workspace: (id) => mapFound(directory.workspace(id), countWorkspace),
  };
}

type Found<T> = Promise<T | null> | T | null;

/** Changes what was found. What is known at once stays known at once. */
function mapFound<T>(found: Found<T>, change: (value: T) => T): Found<T> {
  if (found instanceof Promise) return found.then((value) => (value === null ? null : change(value)));
  return found === null ? null : change(found);
}
