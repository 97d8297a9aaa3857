import { sendExamples } from '@chatferry/contract';
import { curlCommand } from './curl-command.ts';
import type { InboxConversation } from './inbox-view.ts';
import type { Played } from './play.ts';
import type { GatewayAccess, Stage } from './stage.ts';
import { formatMs } from './timeline.ts';

export interface Act {
  readonly stage: Stage;
  readonly played: Played;
  readonly conversation: InboxConversation;
}

/** What was done, in one table. */
export function summaryOf(acts: readonly Act[], times: { readonly readyMs: number; readonly allMs: number }): string {
  const head = [
    '',
    'sent',
    'answered',
    'entries',
    'conversation',
    '201 after',
    'in the inbox after',
    'replies after',
    'answers after',
  ];
  const rows = acts.map(({ stage, played, conversation }) => [
    stage.inbox.product,
    `${played.sent.length}`,
    `${played.agentTexts.length}`,
    `${conversation.entries.length}`,
    conversation.id,
    formatMs(median(played.answerMs)),
    formatMs(median(played.mirrorMs)),
    formatMs(median(played.replyMs)),
    formatMs(median(played.relayMs)),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('   '),
  );
  return [
    ...table,
    '',
    `Checked: every message once, in order, under the right name, all in one conversation; agents’ answers once in Telegram. Times are medians.`,
    `Ready after ${formatMs(times.readyMs)}, done after ${formatMs(times.allMs)}.`,
  ].join('\n');
}

/** What a person can do next, ready to paste. */
export function invitationOf(acts: readonly Act[], gateway: GatewayAccess, sandboxUrl: string): string {
  const lines = acts.flatMap(({ stage }) => [
    `# as ${stage.inbox.product}’s @${stage.botUsername}`,
    ...curlCommand(gateway.baseUrl, stage.key, {
      ...sendExamples.twoChoices.value,
      destination_user_id: String(stage.at.chat_id),
    }),
    '',
  ]);
  const [first] = acts;
  const at = first ? `#bot=${first.stage.at.bot_id}&chat=${first.stage.at.chat_id}` : '';
  return [
    `Look at both sides:  ${sandboxUrl}/${at}`,
    '',
    'Send a message of your own:',
    '',
    ...lines,
    'Administer it:',
    '',
    `CHATFERRY_URL=${gateway.baseUrl} CHATFERRY_ADMIN_TOKEN=${gateway.adminToken} npx chatferry channels list`,
    '',
    'Ctrl-C ends everything and removes its data.',
  ].join('\n');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
