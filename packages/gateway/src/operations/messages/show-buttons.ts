import type { Message } from '@chatferry/contract';
import type { Control, ControlAction, Controls } from '../../core/message/content.ts';
import { givenData } from '../../core/message/tap-data.ts';

type ShownButton = NonNullable<Message['buttons']>[number][number];

/** The buttons or keys of a message. Null if it has none. */
export const showButtons = (controls: Controls): Message['buttons'] =>
  controls.kind === 'buttons' || controls.kind === 'keyboard' ? controls.rows.map((row) => row.map(showButton)) : null;

/** The name that the API has for an action. */
const actionNames: Readonly<Record<ControlAction['kind'], string>> = {
  link: 'url',
  suggest: 'switch_inline_query_current_chat',
  'suggest-elsewhere': 'switch_inline_query',
  callback: 'data',
  'quick-reply': 'data',
  copy: 'copy_text',
  say: 'text',
  'share-contact': 'request_contact',
  'share-location': 'request_location',
  'share-users': 'request_users',
  'share-chat': 'request_chat',
  'create-poll': 'request_poll',
  'create-bot': 'request_managed_bot',
  nothing: 'disabled',
};

function showButton({ label, action }: Control): ShownButton {
  const shown = { text: label, action: actionNames[action.kind] };
  if (action.kind === 'link') return { ...shown, url: action.url };
  if (action.kind === 'callback') return { ...shown, data: givenData(action) };
  return action.kind === 'quick-reply' ? { ...shown, data: action.data } : shown;
}
