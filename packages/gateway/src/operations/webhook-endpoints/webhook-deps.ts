import type { Event } from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { WebhookClient } from '../../ports/webhook-client.ts';
import type { WebhookSecrets } from '../../secrets/webhook-secrets.ts';
import type { StoredEvent } from '../../store/events.ts';
import type { StoreSlice } from '../../store/store.ts';

/** What the operations on webhook endpoints need. */
export interface WebhookDeps {
  readonly store: StoreSlice<{
    readonly webhookEndpoints: 'insert' | 'read' | 'list' | 'update' | 'rotate' | 'delete' | 'moveCursor';
    readonly webhookDeliveries: 'list';
    readonly webhookQueue: 'again' | 'wake' | 'count';
    readonly webhookDue: 'readEvent' | 'readPlaceBefore';
    readonly workspaces: 'read' | 'list';
    readonly channels: 'read';
  }>;
  /** The end of the event log, whatever the caller may see of it. */
  readonly lastEvent: () => Promise<string | null>;
  readonly client: WebhookClient;
  readonly secrets: WebhookSecrets;
  readonly showEvent: (stored: StoredEvent) => Event;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when there may be something to deliver. */
  readonly onDue: () => void;
  /** Called when the reasons for alarms may have changed. */
  readonly onAlarm: () => void;
}
