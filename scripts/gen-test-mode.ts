/** Prints `docs/test-mode.md` from the contract: the reserved chats, and the operations that act as a customer. */
import { type OperationSpec, operations, testChats } from '@chatferry/contract';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

const actions: readonly OperationSpec[] = Object.values(operations).filter(({ path }) =>
  path.startsWith('/api/v1/test-mode/chats/'),
);

const actionRows = actions.map(({ path, description, examples }): string[] => {
  const [example] = Object.values(examples ?? {});
  const [sentence = ''] = description.split(' Needs a key');
  return [code(path.slice(path.lastIndexOf('/') + 1)), sentence, code(JSON.stringify(example?.value))];
});

const chatRows = testChats.map(({ purpose, chatId, happens, caller }): string[] => [
  purpose.replaceAll('-', ' '),
  code(chatId),
  happens,
  `The send ${caller}`,
]);

export const printTestMode = (): string => `<!-- Generated from packages/contract by \`npm run gen\`. Do not edit. -->

# Test mode

A test channel needs neither a bot nor an inbox. Its chats are simulated phones inside the gateway, and its inbox is the
log: an entry counts as written at once. Everything else is the code of a real channel: the same checks, the same limits, the same
order, the same states, the same store. Nothing goes to Telegram or to an inbox.

## The first message

With a gateway that runs (\`npm ci && npm start\`), in another terminal in the same folder:

\`\`\`sh
npx chatferry test-mode create
KEY=cf_test_…
curl -sS http://127.0.0.1:8080/api/v1/messages -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"to": "424242", "text": "Confirm?", "buttons": [[{"text": "Confirm", "data": {"order": 7}}]]}'
\`\`\`

The first command calls \`POST /api/v1/test-mode\`, which makes a workspace, a channel and a key in one call. A test channel is
deleted with its workspace: \`npx chatferry workspaces delete wsp_…\`.

## The two kinds of keys

A key that begins with \`cf_test_\` reaches its own test channel and nothing else. A key that begins with \`cf_live_\` reaches
no test channel. So a test can reach no customer, whatever its chat ids are. If a key does not fit the channel, the answer says
which key to use. A test workspace accepts no bot, and no key of another system can be imported for it.

## The chats

Every chat can be written to at once, as if the customer had pressed Start. A positive id is a person, a negative one a group.
These ids are reserved. Telegram gives them to nothing. A send to one of them with a live key is refused with error 3:

${markdownTable(['for', 'chat id', 'there', 'result'], chatRows)}

[errors.md](errors.md) describes each error.

## Acting as the customer

\`POST /api/v1/test-mode/chats/{chat_id}/…\` with the test key does what a customer does. The update is stored when the call is
answered, and is then applied like one of Telegram: in the lane of its chat, after those before it.

${markdownTable(['action', 'what it does', 'body'], actionRows)}

\`\`\`sh
curl -sS http://127.0.0.1:8080/api/v1/test-mode/chats/424242/tap -H "Authorization: Bearer $KEY" \\
  -H 'Content-Type: application/json' -d '{"button": "Confirm"}'
\`\`\`

The answer has \`effect\`: \`update\` if the bot was told. A link, a copied text or a draft stays in the app of the customer, and
\`value\` says what it is. What the app of a customer would not allow is error 4: a text to a bot that is blocked, for example. A
button that is not there is error 104, and the answer lists those that are.

## Limits

- The phones are a memory of what the store has. After a restart, and in every replica, a chat, its newest 50 messages and
  whether it is blocked are read from the store. Numbers of messages are never used twice.
- A process remembers 500 test channels, 1,000 chats of each, 100 messages of each chat and 8 MiB of files of each
  channel. The oldest are forgotten first, and those of the store come back when they are needed. Files do not.
- A block or an unblock that another replica carried out is seen once its update is applied, and after 10 seconds if this
  replica changed the same chat.
- Buttons that were changed after a tap have their first form again after a restart.
- Keys that ask for users, chats or polls cannot be pressed.
- A file with a \`url\` is fetched, and a webhook endpoint gets its events, as with a real channel.
`;
