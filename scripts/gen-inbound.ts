/** `docs/inbound.md`: what becomes of everything that comes in, printed from the tables that the adapters read. */
import { eventTypes, messageKinds } from '@chatferry/gateway/internal/adapters/hubspot/event-types';
import { partTypes, topics } from '@chatferry/gateway/internal/adapters/intercom/topics';
import { type FieldDecision, messageFields } from '@chatferry/gateway/internal/adapters/telegram/message-fields';
import { updateKinds } from '@chatferry/gateway/internal/adapters/telegram/update-kinds';
import { markdownTable } from './markdown-table.ts';

const code = (text: string): string => `\`${text}\``;

const rows = (decisions: Readonly<Record<string, { readonly becomes: string }>>): string[][] =>
  Object.entries(decisions).map(([name, { becomes }]) => [code(name), becomes]);

const fieldsOf = (role: FieldDecision['role']): string[][] =>
  rows(Object.fromEntries(Object.entries(messageFields).filter(([, decision]) => decision.role === role)));

export const printInbound = (): string => {
  const asked = Object.entries(updateKinds).filter(([, kind]) => kind.asked);
  const unasked = Object.entries(updateKinds).filter(([, kind]) => !kind.asked);
  return `<!-- Generated from packages/gateway/src/adapters by \`npm run gen\`. Do not edit. -->

# What becomes of what comes in

Everything that Telegram, Intercom and HubSpot send is verified and stored as it came before it is understood, and is kept for as long as
\`CHATFERRY_RETENTION_UPDATES_DAYS\` says. The tables below are the ones that the gateway reads. A kind of update, or a field of a message, that a new
version of the Bot API brings fails the project’s checks until somebody decides what becomes of it.

## Telegram’s updates

${markdownTable(['update', 'becomes'], rows(Object.fromEntries(asked)))}

Not asked for. One that comes all the same is stored, and marked ignored with its name:

${markdownTable(['update', 'why'], rows(Object.fromEntries(unasked)))}

Updates of one chat are applied in the order of their numbers. Messages, taps and changes of membership come from Telegram in separate queues: where
a number is missing, what follows it waits for it, at most 400 milliseconds; what comes later keeps the order of its receipt.

## What a message carries

${markdownTable(['field', 'the entry shows'], fieldsOf('content'))}

A field that nobody has decided about yet is shown as “unsupported message (its name)”, counted in the log as \`message.unsupported\`, and kept whole with
its update. Files are fetched by the gateway and handed to the inbox; no address of Telegram’s leaves it. Telegram gives bots at most 20 MB of a file,
a [Bot API server of your own](https://core.telegram.org/bots/api#using-a-local-bot-api-server) any size, of which the gateway takes up to 50 MB. Of a
file that is larger the inbox shows a line that says so, and the customer is told as well (\`--large-file\` of a channel).

Telegram’s own remarks about a chat are no entries:

${markdownTable(['field', 'becomes'], fieldsOf('remark'))}

What stands on messages of any kind:

${markdownTable(['field', 'becomes'], fieldsOf('about'))}

## Intercom’s webhooks

${markdownTable(['topic', 'becomes'], rows(topics))}

${markdownTable(['part', 'becomes'], rows(partTypes))}

Parts by a contact, redacted parts, parts that say nothing, and parts that the gateway wrote itself are ignored. A part that one of these topics does
not bring is found within five minutes, in the conversation itself.

What the gateway wrote is known by its id. While a call of the gateway has no answer yet, a part of that conversation waits for it. Where a call got
lost and a teammate typed the very same words under the same name at that moment, the app that Intercom names with each part tells the two apart;
where Intercom names none, the part is taken for the gateway’s own.

## HubSpot’s events

${markdownTable(['event', 'becomes'], rows(eventTypes))}

${markdownTable(
  ['message', 'becomes'],
  messageKinds.map((row) => [...row]),
)}
`;
};
