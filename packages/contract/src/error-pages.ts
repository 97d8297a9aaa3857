/**
 * What the page about each error says beside the catalogue: what to do, and an example. The examples use two variables of the
 * shell: `CHATFERRY_URL`, the address of the gateway, and `CHATFERRY_KEY`, an API key.
 */
import type { ErrorName } from './errors.ts';

export interface ErrorPage {
  /** What to do, as sentences. */
  readonly fix: string;
  /** A command that shows the way out. */
  readonly curl: string;
}

const auth = `-H "Authorization: Bearer $CHATFERRY_KEY"`;
const json = `-H 'Content-Type: application/json'`;
const admin = `-H "Authorization: Bearer $CHATFERRY_ADMIN_TOKEN"`;

const keyboard = (button: string) => `{ "inline_keyboard": [[${button}]] }`;
const yes = '{ "text": "Yes", "callback_data": "yes" }';

const message = (markup = keyboard(yes)) => `{
  "destination_user_id": "123456789",
  "telegram_interactive_message": {
    "type": "reply_buttons",
    "text": "Is Monday at ten all right?",
    "reply_markup": ${markup}
  }
}`;

const post = (path: string, body: string, ...headers: readonly string[]) =>
  [`curl "$CHATFERRY_URL${path}" ${auth} ${json}`, ...headers].join(' \\\n  ').concat(` \\\n  -d '${body}'`);

const get = (path: string, credential = auth) => `curl "$CHATFERRY_URL${path}" ${credential}`;

const send = (...headers: readonly string[]) => post('/api/v1/telegram/interactive', message(), ...headers);
const validate = post('/api/v1/telegram/interactive/validate', message());
const orderKey = `-H 'Idempotency-Key: order-1001-reminder'`;

export const errorPages: Readonly<Record<ErrorName, ErrorPage>> = {
  ARGUMENT_MISSING: {
    fix: 'Add every field that `details` names. Its pointers are paths into the body. To see all problems of a message without sending it, post the same body to the address that ends in `/validate`.',
    curl: validate,
  },
  EMPTY_BODY: {
    fix: 'Give a text with at least one visible character. Spaces, line breaks and invisible characters do not count, because Telegram removes them.',
    curl: send(),
  },
  USER_NOT_FOUND: {
    fix: 'Check the id: it is the number of the chat, not a user name. A bot can write only to people who have started it. Ask the recipient to open the bot and to press Start. Then the chat appears among the messages that were received.',
    curl: get('/api/v1/messages?limit=5'),
  },
  TYPE_MISMATCH: {
    fix: 'Correct every place that `details` names. Each problem has a pointer to the value and a sentence that says what is allowed there. Post the body to the address that ends in `/validate` until it answers `"valid": true`.',
    curl: validate,
  },
  TELEGRAM_REJECTED: {
    fix: '`reason` says why: for example `blocked`, where nothing can reach the customer until they unblock the bot, or `no_rights`, where the bot needs a right in the group. The sentence says what to do, and `telegram` has the answer of Telegram, unchanged. Do not repeat the request unchanged.',
    curl: get('/api/v1/messages?state=failed&limit=5'),
  },
  DEPRECATED_API_KEY: {
    fix: 'Use the current key of the channel. An administrator makes a new one with `chatferry keys create`, and sees with `chatferry keys list` which keys are live. The old key stays refused for ever.',
    curl: send(),
  },
  UNAUTHORIZED: {
    fix: 'Send the key as `Authorization: Bearer KEY`, or bare in the header `X-Octopods-Auth`. The gateway shows a key once, when it makes the channel or the key. If it is lost, make another one with `chatferry keys create --channel chn_…`.',
    curl: send(),
  },
  FORBIDDEN: {
    fix: '`details` says what is missing: a scope, a role, a workspace or a network. Use a credential that has it, or ask an administrator to change this one.',
    curl: get('/api/v1/keys', admin),
  },
  FEATURE_DISABLED: {
    fix: 'Ask an administrator to look at the channel. `chatferry channels check` says what is wrong with it, and what to do. Nothing was sent, and nothing will be sent later.',
    curl: get('/api/v1/channels', admin),
  },
  NOT_FOUND: {
    fix: 'Check the path and the id. The document at `/openapi.json` lists every path. An object of another channel or workspace answers the same, so check that the key is the right one too.',
    curl: 'curl "$CHATFERRY_URL/openapi.json"',
  },
  METHOD_NOT_ALLOWED: {
    fix: 'Use one of the methods in the header `Allow` of the answer.',
    curl: 'curl -i -X OPTIONS "$CHATFERRY_URL/api/v1/messages"',
  },
  IDEMPOTENCY_CONFLICT: {
    fix: 'Wait for the seconds in `Retry-After`, then repeat the same request with the same key. It gets the answer of the first one. Two programs that use one key at the same time are a mistake: give each its own.',
    curl: send(orderKey),
  },
  NOT_REPEATABLE: {
    fix: 'The first request has had its effect, or may have had it. Read what exists now, and continue from there. For another request use a new key. `details` says what was made, and what to do if its secret is lost.',
    curl: get('/api/v1/keys', admin),
  },
  ALREADY_CONNECTED: {
    fix: 'A bot belongs to one channel, and an account of an inbox to one workspace. If it is yours, continue with the channel or the workspace that exists, or delete it first. Otherwise use another bot or account, or ask the operator of the gateway.',
    curl: get('/api/v1/channels', admin),
  },
  PAYLOAD_TOO_LARGE: {
    fix: 'Shorten the request. A text has at most 4096 characters, and the markup at most 10 KB.',
    curl: validate,
  },
  UPLOADS_FULL: {
    fix: 'Upload a file once and send its id as often as you like, or give an address in `media.url`: files that are fetched do not count. An upload is deleted after 24 hours, or a day after the scheduled message that needs it; the sentence says when the first one goes. The operator sets the room of each workspace with `CHATFERRY_UPLOADS_MAX_MB`.',
    curl: get('/api/v1/messages?kind=document&limit=5'),
  },
  UNSUPPORTED_MEDIA_TYPE: {
    fix: 'Send the body as JSON in UTF-8 with `Content-Type: application/json`, and without `Content-Encoding`.',
    curl: send(),
  },
  IDEMPOTENCY_MISMATCH: {
    fix: 'One Idempotency-Key stands for one message. Make the key from what the message is about, such as the order and the kind of notice, and use a new key when the body changes.',
    curl: send(orderKey),
  },
  INBOX_REFUSED: {
    fix: 'Copy the credential again, from the page that the sentence names. Check that it is not another secret of the same page: Intercom shows the access token under Authentication and the client secret under Basic information. Then repeat the request.',
    curl: get('/api/v1/workspaces', admin),
  },
  RATE_LIMITED: {
    fix: 'Wait for the seconds in `Retry-After`, then repeat the same request. `RateLimit` says how many requests remain for the key, and `RateLimit-Policy` how many there are. A chat has a limit of its own at Telegram: about one message a second.',
    curl: `${send()} -i`,
  },
  INTERNAL: {
    fix: 'Give the `request_id` to the operator of the gateway, who finds the cause in the log. Before you send again, look whether the message exists.',
    curl: get('/api/v1/messages?limit=5'),
  },
  UNAVAILABLE: {
    fix: 'Nothing was sent, and nothing is pending. Wait for the seconds in `Retry-After`, then repeat the same request. If it lasts, the operator looks at `/readyz`, which names what is down.',
    curl: 'curl "$CHATFERRY_URL/readyz"',
  },
  OUTCOME_UNKNOWN: {
    fix: 'Do not send it again: it may have arrived. Ask for the message with the `message_id` of the answer. Its state becomes `sent` or `failed` as soon as there is evidence. A repetition with the same Idempotency-Key is safe: it gets the state, and sends nothing.',
    curl: get('/api/v1/messages/7382914'),
  },
};
