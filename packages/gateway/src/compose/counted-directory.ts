import type { Directory, OpenChannel, OpenWorkspace } from '../engine/directory/directory.ts';
import type { Waits } from '../engine/lanes/waits.ts';
import { mapCalls } from './map-calls.ts';

/**
 * The same directory. The calls of its channels and inboxes count as waits. Sends do not: they are part of a delivery,
 * which counts as a whole.
 */
export function countedDirectory(directory: Directory, { during }: Pick<Waits, 'during'>): Directory {
  const channels = new WeakMap<OpenChannel['channel'], OpenChannel['channel']>();
  const inboxes = new WeakMap<OpenWorkspace['inbox'], OpenWorkspace['inbox']>();

  const countChannel = ({ record, channel }: OpenChannel): OpenChannel => {
    const counted = channels.get(channel) ?? { ...mapCalls(channel, during), send: channel.send };
    channels.set(channel, counted);
    return { record, channel: counted };
  };
  const countWorkspace = ({ record, inbox, teammates }: OpenWorkspace): OpenWorkspace => {
    const counted = inboxes.get(inbox) ?? mapCalls(inbox, during);
    inboxes.set(inbox, counted);
    return { record, inbox: counted, teammates: () => during(teammates()) };
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
