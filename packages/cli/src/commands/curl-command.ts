/**
 * A first send, as a command to paste into a POSIX shell that has the key in CHATFERRY_KEY: commands end up in histories.
 * It contains no single quotes inside its arguments.
 */
export const curlCommand = (url: string): string => {
  const body = {
    destination_user_id: 'CHAT_ID',
    telegram_interactive_message: {
      type: 'reply_buttons',
      text: 'Your order has shipped. Track or get help below.',
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'Track order', url: 'https://example.com/track/ORD-9876' },
            { text: 'Need help', switch_inline_query_current_chat: 'help order ORD-9876' },
          ],
        ],
      },
    },
  };
  return [
    `curl ${url}/api/v1/telegram/interactive \\`,
    '  -H "Authorization: Bearer $CHATFERRY_KEY" \\',
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
};
