import { systemClock } from '@chatferry/sandbox';
import { createManualClock } from '@chatferry/testkit/clocks/manual-clock';
import { type InboxEventsHarness, inboxEventsConformance } from '@chatferry/testkit/conformance/inbox-events';
import { anyAddress } from '@chatferry/testkit/http/any-address';
import { startWebhookReceiver } from '@chatferry/testkit/http/webhook-receiver';
import { createWatchedSandbox } from '@chatferry/testkit/provider-descriptions/watched-sandbox';
import { bindSecrets } from '../../ports/bound-inbox.ts';
import { BoundSecret } from '../../ports/secret.ts';
import { createTransport } from '../http/transport.ts';
import { inboxKinds, openInbox } from '../registry.ts';

async function start(options: object): Promise<InboxEventsHarness> {
  const clock = createManualClock(1_795_348_800_000);
  const receiver = await startWebhookReceiver();
  const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
  const url = await sandbox.listen();
  const { hubspot } = sandbox;
  const portal = hubspot.createPortal({ name: 'Acme', options: { webhookDelayMs: 0, ...options } });
  const transport = createTransport({ clock, policy: anyAddress });
  const input = bindSecrets(
    {
      kind: 'hubspot',
      base_url: `${url}/hubspot`,
      client_id: portal.client_id,
      client_secret: portal.client_secret,
      refresh_token: portal.refresh_token,
      app_id: portal.app_id,
      developer_api_key: portal.developer_api_key,
      inbox_id: portal.inbox_id,
    },
    [url],
  );
  const message = 'PATCH /conversations/custom-channels/{version}/{channelId}/messages/{messageId}';
  return {
    kind: inboxKinds.hubspot,
    input,
    strangerInput: { ...input, client_secret: new BoundSecret('another', []) },
    inbox: openInbox(input, {
      transport,
      clock,
      webhookUrl: `${receiver.url}/hooks/hubspot`,
    }),
    senderId: portal.users[0]?.id ?? '',
    nowMs: clock.nowMs,
    act: (threadId, { words, by = 'teammate', internal = false, file }) =>
      hubspot.reply(portal.portal_id, threadId, {
        text: words,
        kind: internal ? 'comment' : 'message',
        as: by === 'bot' ? 'bot' : 'agent',
        attachments: file === undefined ? [] : [{ type: 'FILE', fileId: '1', fileUsageType: 'OTHER', ...file }],
      }).message_id ?? '',
    tellLess: () => void hubspot.setOptions(portal.portal_id, { textMax: 10 }),
    loseReport: () =>
      sandbox.faults.inject({ provider: 'hubspot', operation: message, times: 1, effect: { kind: 'reset-after' } }),
    complaints: (threadId, entryId) =>
      hubspot
        .transcript(portal.portal_id, threadId)
        .entries.flatMap(({ id, failure }) => (id === entryId && failure !== null ? [failure] : [])),
    until: receiver.until,
    async close() {
      await transport.close();
      await sandbox.close();
      await receiver.close();
    },
  };
}

inboxEventsConformance('HubSpot', () => start({}));
inboxEventsConformance('HubSpot that tells twice', () => start({ echo: 'twice' }));
