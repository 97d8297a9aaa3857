/** @typedef {{ readonly type: string, readonly offset: number, readonly length: number, readonly url?: string }} Entity */

/**
 * The content of the phone, with the field names of the Bot API. Only `bot_username` and `messages` are required: a
 * preview of one message is `{bot_username, messages: [message]}`.
 *
 * @typedef {object} Transcript
 * @property {string} bot_username
 * @property {string} [bot_name]
 * @property {boolean} [inline_mode]
 * @property {number} [bot_id]
 * @property {number} [chat_id]
 * @property {{ readonly id: number, readonly first_name: string, readonly last_name?: string }} [user]
 * @property {{ readonly type: string, readonly title?: string }} [chat]
 * @property {string} [standing] `open`, `never-started`, `blocked`, or another reason why the person cannot write.
 * @property {readonly Message[]} messages
 * @property {ReplyKeyboard & { readonly message_id: number, readonly folded?: boolean } | null} [reply_keyboard]
 * @property {{ readonly message_id: number, readonly input_field_placeholder?: string } | null} [force_reply]
 * @property {string | null} [draft]
 * @property {string | null} [inline_query_id]
 * @property {readonly { readonly id: string, readonly title: string, readonly description?: string }[] | null} [inline_results]
 * @property {{ readonly text: string, readonly show_alert: boolean } | null} [notice]
 */

/**
 * @typedef {object} Message
 * @property {number} message_id
 * @property {'bot' | 'customer'} sender
 * @property {number} [date] Seconds since 1970.
 * @property {number} [edit_date]
 * @property {{ readonly username?: string }} [via_bot]
 * @property {Message} [reply_to_message]
 * @property {{ readonly is_bot?: boolean, readonly first_name?: string }} [from]
 * @property {string} [text]
 * @property {readonly Entity[]} [entities]
 * @property {readonly Entity[]} [caption_entities]
 * @property {string} [caption]
 * @property {{ readonly phone_number: string, readonly first_name: string, readonly last_name?: string, readonly user_id?: number }} [contact]
 * @property {{ readonly latitude: number, readonly longitude: number }} [location]
 * @property {{ readonly title: string, readonly address: string }} [venue]
 * @property {{ readonly question: string, readonly options: readonly { readonly text: string }[], readonly type: string, readonly is_anonymous: boolean }} [poll]
 * @property {readonly FileInfo[]} [photo]
 * @property {FileInfo} [document]
 * @property {FileInfo} [voice]
 * @property {FileInfo} [video]
 * @property {FileInfo} [video_note]
 * @property {FileInfo} [animation]
 * @property {FileInfo} [audio]
 * @property {FileInfo} [sticker]
 * @property {number} [migrate_to_chat_id]
 * @property {number} [migrate_from_chat_id]
 * @property {{ readonly inline_keyboard?: readonly (readonly InlineButton[])[] }} [reply_markup]
 */

/** @typedef {{ readonly file_name?: string, readonly file_size?: number, readonly mime_type?: string, readonly title?: string, readonly emoji?: string, readonly file_id?: string, readonly is_animated?: boolean, readonly is_video?: boolean }} FileInfo */

/**
 * @typedef {object} InlineButton
 * @property {string} text
 * @property {string} [style]
 * @property {string} [url]
 * @property {string} [callback_data]
 * @property {string} [switch_inline_query]
 * @property {object} [switch_inline_query_chosen_chat]
 * @property {string} [switch_inline_query_current_chat]
 * @property {{ readonly url: string }} [login_url]
 * @property {{ readonly url: string }} [web_app]
 * @property {{ readonly text: string }} [copy_text]
 * @property {object} [disabled]
 */

/**
 * @typedef {object} ReplyKey
 * @property {string} text
 * @property {string} [style]
 * @property {boolean} [request_contact]
 * @property {boolean} [request_location]
 * @property {object} [request_poll]
 * @property {object} [request_managed_bot]
 * @property {object} [request_users]
 * @property {object} [request_chat]
 * @property {object} [web_app]
 */

/**
 * @typedef {object} ReplyKeyboard
 * @property {readonly (readonly ReplyKey[])[]} keyboard
 * @property {boolean} [is_persistent]
 * @property {boolean} [resize_keyboard]
 * @property {boolean} [one_time_keyboard]
 * @property {string} [input_field_placeholder]
 */

/**
 * An action of the person, as the `detail` of a `phone-action` event.
 *
 * @typedef {(
 *   | { readonly kind: 'start' | 'send-draft' | 'share-contact' | 'block' | 'unblock' }
 *   | { readonly kind: 'text', readonly text: string, readonly reply_to_message_id?: null }
 *   | { readonly kind: 'draft', readonly text: string }
 *   | { readonly kind: 'tap' | 'press-key', readonly message_id: number, readonly row: number, readonly column: number }
 *   | { readonly kind: 'choose-result', readonly index: number }
 *   | { readonly kind: 'share-location', readonly latitude: number, readonly longitude: number }
 * )} PhoneAction
 */

export {};
