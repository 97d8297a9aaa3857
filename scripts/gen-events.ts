/** Prints `docs/events.md`: how the event log is read, and every type of event with its example. */
import { eventExamples, eventSentences, eventTypes } from '@chatferry/contract';
import { markdownTable } from './markdown-table.ts';

const guide = `# Events

Everything that happens to your messages, chats and channels is written once into one log, by the same database statement
that makes it true. You can read the log in pages or follow it as a stream.

## Read pages

\`\`\`sh
curl -H "Authorization: Bearer $CHATFERRY_KEY" "$CHATFERRY_URL/api/v1/events?types=message.failed,button.tapped&limit=100"
\`\`\`

The answer has \`data\`, \`next_after\` and \`has_more\`. Send \`next_after\` as \`after\` of the next request, and store it
where you store what you have handled. It also gets you past the events of others, so a page can be short or empty and
have more after it. Without \`after\` the log is read from its oldest event. \`after=latest\` begins with what happens from
now on.

## Follow the stream

\`\`\`sh
curl -N -H "Authorization: Bearer $CHATFERRY_KEY" -H "Accept: text/event-stream" "$CHATFERRY_URL/api/v1/events"
\`\`\`

These are [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): \`id\` is the id of the event and
\`data\` is the event in one line. They have no field \`event\`, so a browser's \`onmessage\` gets all of them. Without \`after\`
the stream begins with what happens from now on. After a break, connect again with the last id in \`Last-Event-ID\`. Browsers
do that by themselves.

- Every 15 seconds in which nothing happens, there is a comment and an \`id\` without \`data\`. The id says how far the log was read.
- The stream ends when its credential is revoked or may read something else (within ten seconds), and when the gateway
  stops. Then connect again.
- The gateway reads the log only as fast as you take it. A client that takes nothing for 30 seconds is disconnected. What it
  missed is still in the log.
- A credential can have 20 streams in each process, and a process 500. More get \`429\`.

## Who sees what

A channel key sees the events of its channel. A workspace key sees those of its workspace, also the alarms about it. Both need the
scope \`read\`. The administrator's token sees everything. People and tokens see their workspaces.

## What is promised

- **Once.** Each event is in the log once. A reader that follows \`next_after\` or \`Last-Event-ID\` sees each once, and none is
  missed, even if its transaction ends after later ones.
- **In order.** Ids sort as text in reading order. If one thing was stored before another began, its event comes first. So the
  events of a message are in the order of its life, and a chat's messages are in the order in which they were taken.
- **From now on.** An event is readable within milliseconds of its commit. No event is later inserted before one that was read.
- **Kept.** The log is kept for 30 days (\`CHATFERRY_RETENTION_EVENTS_DAYS\`), and never longer than messages. An \`after\` from before
  that time gets \`404\`, because events after it are gone: nothing is skipped silently.

## What is not promised

- \`data.message\` is the message **as it is when you read**, not as it was. \`message.accepted\` may show a message that is sent
  already. What happened is said by \`type\`.
- Two things that happen at the same moment, such as a customer's message and yours, have one order for all readers, but
  it is not always that of \`occurred_at\`.
- The events of two chats have no order that means something.
- A transaction that writes and stays open in the same PostgreSQL server, also in another database, delays all readers until it
  ends. Do not leave such transactions open.
- An erased customer has no events any more. Readers find a gap, not a notice.
- A reply that fails and is tried again by the gateway is a new message each time: \`reply.failed\` may be followed by \`reply.sent\` of
  another message with the same words.
- After a restore from a backup, the log is that of the backup, and what happens then comes after every id that readers
  know. Events after the backup are lost with it.

## What the log costs

Two events are written for a send, and one when it is in the inbox. \`npm run bench:events\` measures the CPU time of the gateway and
its database for 1,000 sends with the log and without it, in turns of one run. BENCH_FIGURE

`;

const figure =
  'The aim is at most 1.10. Two runs on a machine of two cores with much other work gave 1.30 and 1.08: it has not been measured on an idle machine yet.';

const typeRows = eventTypes.map((type) => [`[\`${type}\`](#${type.replaceAll('.', '')})`, eventSentences[type]]);

const printExample = (type: (typeof eventTypes)[number]): string =>
  `### ${type}\n\n${eventSentences[type]}\n\n\`\`\`json\n${JSON.stringify(eventExamples[type], null, 2)}\n\`\`\`\n`;

export const printEvents = (): string =>
  `${guide.replace('BENCH_FIGURE', figure)}## Types\n\n${markdownTable(['type', 'what happened'], typeRows)}\n\n## Examples\n\n${eventTypes.map(printExample).join('\n')}`;
