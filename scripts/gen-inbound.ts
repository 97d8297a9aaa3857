/** Prints `docs/inbound.md` from the tables that the adapters read: what happens to each kind of event. */
import { eventTypes, messageKinds } from '@chatferry/gateway/internal/adapters/hubspot/event-types';
import { partTypes, topics } from '@chatferry/gateway/internal/adapters/intercom/topics';
import { botApiVersion } from '@chatferry/gateway/internal/adapters/telegram/bot-api-version';
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

const printDetails = (): string => `## How an entry reads

### Formatting

HubSpot shows bold, italic, code and links. It shows underlined text as italic. In Intercom the messages of customers are
plain text, with the address behind each link. Formatting that changes the meaning is written with signs, in both inboxes:

${markdownTable(
  ['formatting', 'the entry shows'],
  [
    ['struck out', '`~~cancel~~`'],
    ['hidden until it is tapped', '`||the answer||`'],
    ['quoted', '“> ” before each line'],
    ['a program whose language is named', 'three backticks and the language before it, three backticks behind it'],
    ['a time, which each app shows in its own time zone', 'the words, then the time in UTC in brackets'],
    [
      'a link that a browser cannot open, such as `tonsite://`',
      'the words, then the address in brackets; never as a link',
    ],
  ],
)}

### Rich messages

The blocks follow each other in order, each on a line of its own. Headings and the summaries of details are bold. List items
have their labels and checkboxes; the cells of a table are separated by “|”; the source of a quotation or a caption follows “—”.
Each button is shown with what it does. Each photo, video, audio file, voice message, animation and document is a file
of the entry, and its name says where it belongs. A map is shown as a location. For a part that the gateway does not know, the entry
shows the words in it and “a part of the message that Chatferry does not know”, with Telegram’s name of the part.

### Albums

Files that Telegram delivers within a second are one entry. Files without a name of their own are numbered: \`photo-1.jpg\`,
\`photo-2.jpg\`. If several of them have words, the name of its file precedes each. What arrives later is an entry of its
own, marked as a part of the album before, and its numbers continue.

### Names

A name in which nothing can be seen, such as one of a Hangul filler, counts as none: the username takes its place, or the id. This
holds for people, groups, topics, authors of forwarded messages, cards, buttons and teammates.

The name of a file keeps its letters, emoji and joiners. A slash becomes “-”, and characters that hide or reorder letters are
removed. If the end of the name is not an extension of the file’s type, the usual one follows: “Invoice 05.2026” is a PDF, and becomes
\`Invoice 05.2026.pdf\`.

### Edits

An edit makes an entry only if the team would see a difference. Telegram reports an edit also when a reaction, a button or
a link’s preview changed. An edit of the words under a file brings the words, not the file again.`;

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

${markdownTable(['field', 'becomes'], fieldRows('about'))}

${printDetails()}`;

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
it. \`CHATFERRY_RETENTION_UPDATES_DAYS\` sets how long it is stored. The gateway reads the tables below, which are complete
for Bot API ${botApiVersion}. If a new version of the Bot API adds a kind of update, a field of a message or a part of a rich
message, the project’s checks fail until a developer decides how to handle it.

${printTelegram()}

${printIntercom()}

${printHubSpot()}
`;
