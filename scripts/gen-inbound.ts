/** Prints `docs/inbound.md` from the tables that the adapters read: what happens to each kind of event. */
import { eventTypes, messageKinds } from '@chatferry/gateway/internal/adapters/hubspot/event-types';
import { partTypes, topics } from '@chatferry/gateway/internal/adapters/intercom/topics';
import { type FieldDecision, messageFields } from '@chatferry/gateway/internal/adapters/telegram/message-fields';
import { updateKinds } from '@chatferry/gateway/internal/adapters/telegram/update-kinds';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

const rows = (decisions: Readonly<Record<string, { readonly becomes: string }>>): string[][] =>
  Object.entries(decisions).map(([name, { becomes }]) => [code(name), becomes]);

const fieldRows = (role: FieldDecision['role']): string[][] =>
  rows(Object.fromEntries(Object.entries(messageFields).filter(([, decision]) => decision.role === role)));

const updateRows = (asked: boolean): string[][] =>
  rows(Object.fromEntries(Object.entries(updateKinds).filter(([, kind]) => kind.asked === asked)));

const printTelegram = (): string => `## Telegram’s updates

${markdownTable(['update', 'becomes'], updateRows(true))}

The gateway does not ask for these. If one arrives anyway, it is stored and marked ignored with its name:

${markdownTable(['update', 'why'], updateRows(false))}

Updates of one chat are applied in the order of their numbers. Telegram sends messages, taps and changes of membership in
separate queues. If a number is missing, the updates after it wait for it, at most 400 milliseconds. An update that arrives
later is applied in the order of receipt.

## What a message carries

${markdownTable(['field', 'the entry shows'], fieldRows('content'))}

Everything that the gateway itself says in an entry begins with “⁂”: what was tapped or shared, who speaks in a group, from
whom a message was forwarded, and the lines that are quoted. The gateway replaces this sign by “*” in the texts, names,
titles and file names of customers. A customer therefore cannot write what looks like the gateway’s own words.

The inbox shows an undecided field as “unsupported message (its name)”. The log counts it as \`message.unsupported\`, and it
is stored complete with its update.

The gateway fetches files and hands them to the inbox. No Telegram address leaves the gateway. Telegram gives bots files of
at most 20 MB. [Your own Bot API server](https://core.telegram.org/bots/api#using-a-local-bot-api-server) gives files of
any size, and the gateway accepts up to 50 MB. For a larger file the inbox shows a line that says so, and the customer is
told as well (\`--large-file\` of a channel).

Telegram’s own remarks about a chat do not become entries:

${markdownTable(['field', 'becomes'], fieldRows('remark'))}

Fields on messages of any kind:

${markdownTable(['field', 'becomes'], fieldRows('about'))}`;

const printIntercom = (): string => `## Intercom’s webhooks

${markdownTable(['topic', 'becomes'], rows(topics))}

${markdownTable(['part', 'becomes'], rows(partTypes))}

The gateway ignores parts by a contact, redacted parts, empty parts, and parts that it wrote itself. If none of these topics
delivers a part, the gateway finds it within five minutes, in the conversation itself.

The gateway recognises its own parts by their id. While a call that writes one in a teammate’s name has
no answer yet, a teammate’s part of that conversation waits for it, for a few seconds unless the words are the same. A call may get lost while a teammate types the very same words under the same name. Then the app that
Intercom names with each part distinguishes the two. If Intercom names no app, the part counts as the gateway’s own.`;

const printHubSpot = (): string => `## HubSpot’s events

${markdownTable(['event', 'becomes'], rows(eventTypes))}

${markdownTable(
  ['message', 'becomes'],
  messageKinds.map((row) => [...row]),
)}`;

export const printInbound =
  (): string => `<!-- Generated from packages/gateway/src/adapters by \`npm run gen\`. Do not edit. -->

# What happens to incoming events

The gateway verifies everything that Telegram, Intercom and HubSpot send, and stores it as it arrived before it interprets
it. \`CHATFERRY_RETENTION_UPDATES_DAYS\` sets how long it is stored. The gateway reads the tables below. If a new version of
the Bot API adds a kind of update or a field of a message, the project’s checks fail until a developer decides how to
handle it.

${printTelegram()}

${printIntercom()}

${printHubSpot()}
`;
