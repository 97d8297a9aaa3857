import { sendExamples } from '@chatferry/contract';
import type { Done } from './act.ts';
import type { InboxConversation } from './inbox-view.ts';
import type { GatewayAccess, Stage } from './stage.ts';
import { drawCurl, formatMs } from './timeline.ts';

export interface FinishedAct {
  readonly stage: Stage;
  readonly done: Done;
  readonly conversation: InboxConversation;
}

/** What was done, in one table. */
export function summarise(
  acts: readonly FinishedAct[],
  times: { readonly readyMs: number; readonly allMs: number },
): string {
  const rows = [
    'sent, answered, entries, conversation, 201 after, in the inbox after, replies after, answers after'.split(', '),
    ...acts.map(({ done, conversation }) => [
      `${done.sent.length}`,
      `${done.agentTexts.length}`,
      `${conversation.entries.length}`,
      conversation.id,
      ...[done.times.answer, done.times.mirror, done.times.reply, done.times.relay].map(formatMedian),
    ]),
  ];
  const products = ['', ...acts.map(({ stage }) => stage.inbox.product)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const productWidth = Math.max(...products.map((product) => product.length));
  return [
    ...rows.map((row, index) =>
      [products[index]?.padEnd(productWidth), ...row.map((cell, column) => cell.padStart(widths[column] ?? 0))].join(
        '   ',
      ),
    ),
    '',
    'Checked: every message once, in order, under the right name, all in one conversation; agents’ answers once in Telegram. Times are medians.',
    `Ready after ${formatMs(times.readyMs)}, done after ${formatMs(times.allMs)}.`,
  ].join('\n');
}

const formatMedian = (values: readonly number[]): string =>
  formatMs([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);

/** What a person can do next, ready to paste. */
export function describeNextSteps(acts: readonly FinishedAct[], gateway: GatewayAccess, sandboxUrl: string): string {
  const commands = acts.flatMap(({ stage }) => {
    const body = { ...sendExamples.twoChoices.value, destination_user_id: String(stage.at.chat_id) };
    return [`# as ${stage.inbox.product}’s @${stage.botUsername}`, ...drawCurl(gateway.baseUrl, stage.key, body), ''];
  });
  const at = acts[0]?.stage.at;
  return [
    `Look at both sides:  ${sandboxUrl}/${at ? `#bot=${at.bot_id}&chat=${at.chat_id}` : ''}`,
    '',
    'Send a message of your own:',
    '',
    ...commands,
    'Administer it:',
    '',
    `export CHATFERRY_URL=${gateway.baseUrl} CHATFERRY_ADMIN_TOKEN=${gateway.adminToken}`,
    'npx chatferry channels list',
    '',
    'Ctrl-C stops everything and removes its data.',
  ].join('\n');
}
