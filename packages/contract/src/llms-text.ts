/** Prints `llms.txt` (https://llmstxt.org): what a language model needs to write a program that uses the API. */
import { errorCatalogue } from './errors.ts';
import { guides } from './guides.ts';
import type { OperationSpec } from './operation.ts';

const linkLines = (base: string): readonly string[] => [
  `- [openapi.json](${base}/openapi.json): every operation, with schemas and examples (OpenAPI 3.1)`,
  `- [The API](${base}/docs): the same, to read and to try in a browser`,
  `- [The errors](${base}/docs/errors): a page for each error, with its cause and what to do`,
  ...guides.map(({ name, title, about }) => `- [${title}](${base}/docs/guides/${name}): ${about}`),
  `- [A collection of requests](${base}/docs/collection.json): for Postman and Bruno`,
];

const example = {
  to: '123456789',
  text: 'Is Monday at ten all right?',
  buttons: [[{ text: 'Yes', data: { slot: 'monday-10' } }]],
};

/** `base` is the address of a gateway, without a slash at its end. Equal operations give equal texts. */
export const llmsText = (table: Readonly<Record<string, OperationSpec>>, base: string): string => {
  const operations = Object.values(table).map(
    ({ method, path, summary, auth }) => `- ${method} ${path}: ${summary}${auth === 'key' ? ' Takes an API key.' : ''}`,
  );
  const errors = errorCatalogue.map(({ code, name, status, when }) => `- ${code} ${name} (HTTP ${status}): ${when}`);
  return [
    '# Chatferry',
    '',
    '> A self-hosted gateway between Telegram and the inbox of a support team (Intercom or HubSpot). A backend sends messages by',
    '> HTTP, and the whole conversation appears in the inbox. It hands each message to Telegram at most once.',
    '',
    'Rules for a program that calls it:',
    '',
    '- Send the API key as `Authorization: Bearer KEY`. Bodies are JSON in UTF-8.',
    '- Send an `Idempotency-Key` with each POST. Then repeating a request is safe: it gets the same answer.',
    '- After 429 and 503, wait for the seconds in `Retry-After`, then repeat the request.',
    '- After 504 (OUTCOME_UNKNOWN), do not send again. Ask for the message with its `message_id`.',
    '- Decide by `error_code` or `error_name`. `details` lists every problem of the request with a JSON pointer, and `doc_url`',
    '  names the page about the error.',
    '',
    'To send a message with buttons:',
    '',
    '```sh',
    `curl ${base}/api/v1/messages \\`,
    "  -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' -H 'Idempotency-Key: order-1001' \\",
    `  -d '${JSON.stringify(example)}'`,
    '```',
    '',
    'The answer 201 is the message. What happens later is in the event log, `GET /api/v1/events`: a tap is `button.tapped`, and',
    '`data.tap.data` is the data of the button, unchanged. With `Accept: text/event-stream` the log is a stream, and a webhook',
    'endpoint gets it in signed requests (Standard Webhooks). A key that begins with `cf_test_` (`POST /api/v1/test-mode`) reaches',
    'simulated chats only: `POST /api/v1/test-mode/chats/{chat_id}/tap` taps a button as the customer.',
    '',
    '## Documents',
    '',
    ...linkLines(base),
    '',
    '## Operations',
    '',
    ...operations,
    '',
    '## Errors',
    '',
    ...errors,
    '',
  ].join('\n');
};
