import type { LegMarks } from '../engine/upkeep/record-activity.ts';
import { watchChannel, watchInbox } from '../engine/upkeep/watch-legs.ts';
import { hookUrl } from '../operations/channels/direct-updates.ts';
import type { Providers } from './open-providers.ts';

/** Wraps the providers so that each call updates the health of the channel leg it used. */
export const watchProviders = (providers: Providers, marks: LegMarks, publicUrl: string | null): Providers => ({
  ...providers,
  openChannel(record) {
    const ownUrl =
      record.updates === 'webhook' && publicUrl !== null ? hookUrl(publicUrl, providers.kind, record.hookPath) : '';
    return watchChannel(providers.openChannel(record), record, ownUrl, marks);
  },
  openInbox: (record, onAnswer) => watchInbox(providers.openInbox(record, onAnswer), record, marks),
});
