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

/** More than we ask for: what we need not know of must not become a reply either. */
const topics = [
  'conversation.admin.replied',
  'conversation.operator.replied',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.assigned',
  'conversation.admin.noted',
  'conversation.admin.single.created',
  'conversation.user.created',
  'conversation.user.replied',
];

const escaped = (words: string): string =>
  words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');

async function start(options: object): Promise<InboxEventsHarness> {
  const clock = createManualClock(1_795_348_800_000);
  const receiver = await startWebhookReceiver();
  const sandbox = createWatchedSandbox({ clock: { nowMs: clock.nowMs, after: systemClock.after } });
  const url = await sandbox.listen();
  const { intercom } = sandbox;
  const workspace = intercom.createWorkspace({ name: 'Acme', options: { webhookDelayMs: 0, ...options } });
  const { workspace_id: id, admins } = workspace;
  intercom.subscribe(id, { url: `${receiver.url}/hooks/intercom`, topics });
  const transport = createTransport({ clock, policy: anyAddress });
  const input = bindSecrets(
    {
      kind: 'intercom',
      region: 'us',
      contact_role: 'lead',
      base_url: `${url}/intercom`,
      access_token: workspace.access_token,
      client_secret: workspace.client_secret,
    },
    [url],
  );
  return {
    kind: inboxKinds.intercom,
    input,
    strangerInput: { ...input, client_secret: new BoundSecret('another', []) },
    inbox: openInbox(input, {
      transport,
      clock,
      webhookUrl: `${receiver.url}/hooks/intercom`,
    }),
    senderId: admins[0]?.id ?? '',
    nowMs: clock.nowMs,
    act: (conversationId, { words, by = 'teammate', internal = false, file }) =>
      intercom.reply(id, conversationId, {
        body: `<p>${escaped(words)}</p>`,
        kind: internal ? 'note' : 'comment',
        as: by === 'bot' ? 'operator' : 'admin',
        ...(file === undefined ? {} : { attachments: [file] }),
      }).part_id,
    tellLess: () => void intercom.setOptions(id, { webhookParts: 'absent' }),
    loseReport: () =>
      sandbox.faults.inject({
        provider: 'intercom',
        operation: 'POST /conversations/{id}/reply',
        times: 1,
        effect: { kind: 'reset-after' },
      }),
    complaints: (conversationId, entryId) =>
      intercom
        .transcript(id, conversationId)
        .entries.filter((entry) => entry.is_note && entry.text.includes(entryId))
        .map(({ text }) => text.replace(/\n/g, ' ')),
    until: receiver.until,
    async close() {
      await transport.close();
      await sandbox.close();
      await receiver.close();
    },
  };
}

inboxEventsConformance('Intercom', () => start({}));
inboxEventsConformance('Intercom with an app of an older version', () => start({ webhookVersion: '2.14' }));
inboxEventsConformance('Intercom that tells twice', () => start({ echo: 'twice' }));
