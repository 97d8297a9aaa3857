import type { BotOptions, Rig } from '@chatferry/testkit/rigs/rig';
import { type Desk, type InboxKind, openDesk } from './desk.ts';
import { eventually } from './eventually.ts';

/** A desk at which agents answer. */
export interface AgentsDesk extends Desk {
  /** An agent answers in the only conversation. */
  answer(text: string, how?: 'reply' | 'note' | 'reply-and-close'): Promise<void>;
  /** What the inbox shows beside a reply that did not, or not fully, reach the customer; null while it shows nothing. */
  problemShown(): string | null;
  /** Whether the inbox's calls to the gateway get lost. */
  loseWebhooks(lost: boolean): void;
  /** When the inbox sends the event of an entry of the gateway: before it answers the call, after, or after and again. */
  echo(when: 'before' | 'after' | 'twice'): void;
  /** The inbox sends its last event again, under a new id. */
  echoAgain(): void;
}

export async function openAgentsDesk(rig: Rig, kind: InboxKind, options: BotOptions = {}): Promise<AgentsDesk> {
  const { intercom, hubspot } = rig.sandbox;
  const desk = await openDesk(rig, kind, options);
  const conversationId = async () =>
    eventually(() => {
      const [only] = desk.conversations();
      if (!only) throw new Error('there is no conversation yet');
      return only.id;
    });
  if (kind === 'hubspot') {
    return {
      ...desk,
      async answer(text, how = 'reply') {
        const id = await conversationId();
        hubspot.reply(desk.accountId, id, {
          text,
          rich_text: `<p>${text}</p>`,
          kind: how === 'note' ? 'comment' : 'message',
        });
        if (how === 'reply-and-close') hubspot.reply(desk.accountId, id, { kind: 'close' });
      },
      problemShown: () => {
        const entries = hubspot
          .threads(desk.accountId)
          .flatMap(({ id }) => hubspot.transcript(desk.accountId, id).entries);
        const failed = entries.find(({ status }) => status === 'FAILED');
        const note = entries.find(({ is_comment, text }) => is_comment && text.startsWith('Not '));
        return failed ? JSON.stringify(failed) : (note?.text ?? null);
      },
      loseWebhooks: (webhooksLost) => void hubspot.setOptions(desk.accountId, { webhooksLost }),
      echo: (echo) => void hubspot.setOptions(desk.accountId, { echo }),
      echoAgain: () => void hubspot.repeatEvent(desk.accountId),
    };
  }
  const { body } = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
  intercom.subscribe(desk.accountId, { url: body.webhook_url });
  return {
    ...desk,
    async answer(text, how = 'reply') {
      const kinds = { reply: 'comment', note: 'note', 'reply-and-close': 'close' } as const;
      intercom.reply(desk.accountId, await conversationId(), { body: `<p>${text}</p>`, kind: kinds[how] });
    },
    problemShown: () =>
      desk
        .conversations()
        .flatMap(({ entries }) => entries)
        .filter(({ by }) => by === 'note')
        .map(({ text }) => text)
        .find((text) => text.startsWith('Not ')) ?? null,
    loseWebhooks: (webhooksLost) => void intercom.setOptions(desk.accountId, { webhooksLost }),
    echo: (echo) => void intercom.setOptions(desk.accountId, { echo }),
    echoAgain: () => void intercom.repeatNotification(desk.accountId),
  };
}
