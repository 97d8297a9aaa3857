// Generated from packages/contract by `npm run gen`. Do not edit.

export interface AdminToken {
  readonly id: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  readonly created_by: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
  readonly last_used_from: string | null;
}

export interface AdminTokenCreated {
  readonly id: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  readonly created_by: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
  readonly last_used_from: string | null;
  /** The token itself. Shown here and never again. */
  readonly secret: string;
}

export interface AdminTokenPage {
  readonly data: readonly AdminToken[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** A problem that needs a person. The alarm clears by itself when the problem is solved. */
export interface Alarm {
  readonly id: string;
  readonly kind: 'channel-broken' | 'webhook-foreign' | 'webhook-removed' | 'webhook-failing' | 'webhook-backlog' | 'endpoint-disabled' | 'polling-conflict' | 'inbox-refused' | 'inbox-down' | 'account-connected-twice' | 'dead-letters' | 'unknown-messages' | 'loop-down' | 'second-factor-guessed' | 'proxy-undeclared' | 'journal-damaged';
  /** What has the problem: the id of a channel, a workspace or a person, the name of a process, or an address. */
  readonly subject: string;
  readonly workspace_id: string | null;
  /** What is wrong. */
  readonly detail: string;
  /** What to do. */
  readonly remedy: string;
  /** ISO 8601, UTC. */
  readonly raised_at: string;
  /** Null while the alarm is raised. */
  readonly cleared_at: string | null;
}

/** What needed a person is solved. */
export interface AlarmClearedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'alarm.cleared';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  /** Null if it concerns the whole gateway. */
  readonly workspace_id: string | null;
  readonly channel_id: string | null;
  readonly data: {
    readonly alarm: Alarm;
  };
}

export interface AlarmPage {
  readonly data: readonly Alarm[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** Something needs a person. */
export interface AlarmRaisedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'alarm.raised';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  /** Null if it concerns the whole gateway. */
  readonly workspace_id: string | null;
  readonly channel_id: string | null;
  readonly data: {
    readonly alarm: Alarm;
  };
}

export interface Assignee {
  readonly kind: 'team' | 'teammate';
  readonly id: string;
}

/** One request to Telegram. */
export interface Attempt {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly finished_at: string | null;
  /** Null while the attempt is running. */
  readonly outcome: 'delivered' | 'rejected' | 'deferred' | 'uncertain' | null;
  readonly detail: string | null;
}

/** The beginning or the end of an action. */
export interface AuditEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly request_id: string;
  /** `begun` is written before the action; `ended` is written after it and has its status. */
  readonly phase: 'begun' | 'ended';
  readonly actor: {
    readonly kind: 'operator' | 'key' | 'token' | 'person' | 'nobody';
    /** The id of the key, token or person; `operator` for the administrator token. */
    readonly id: string;
  };
  /** The IP address of the caller. */
  readonly address: string;
  /** The `operationId`. */
  readonly action: string;
  /** The id of the object of the action. */
  readonly object: string | null;
  readonly workspace_id: string | null;
  /** The names of the fields in the request; never their values. */
  readonly fields: readonly string[];
  /** The HTTP status of the answer. */
  readonly status: number | null;
}

export interface AuditPage {
  readonly data: readonly AuditEntry[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface AuditVerification {
  /** The number of unchanged entries. */
  readonly entries: number;
  /** Whether nothing of all this was found to be changed or missing. */
  readonly intact: boolean;
  /** The first entry that was changed, or that follows a missing entry. */
  readonly broken_at: string | null;
  /** The digest of the newest entry. */
  readonly head: string | null;
  /** The result for the given head; null if none was given. */
  readonly known_head: {
    /** False: an entry up to this head was changed or removed, or the head is of another log. */
    readonly found: boolean;
    /** How many entries the log has up to this head; null if it is missing. */
    readonly position: number | null;
  } | null;
  /** The heads that this gateway recorded in its data folder. */
  readonly recorded_heads: {
    readonly checked: number;
    /** How many are missing. Each shows that an entry up to it was changed or removed. */
    readonly missing: number;
    /** The first missing head, as it is in `audit-heads.log`. */
    readonly first_missing: string | null;
  };
  /** `role-and-key`: the role of the running gateway can only add entries. `key`: it can change them too, and only this verification shows it. */
  readonly protected_by: 'key' | 'role-and-key';
}

/** Who wrote an inbound message. */
export interface Author {
  readonly id: string;
  readonly name: string;
  readonly username: string | null;
  readonly language: string | null;
}

/** A button below the message: a label and exactly one action. */
export type Button = {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Any JSON value of at most 4096 bytes. The event of the tap returns it unchanged. Telegram and the inbox never show it. */
  readonly data: unknown;
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** An http, https, tg, ton or tonsite URL; no scheme means http. The host must contain a dot. The gateway never fetches the URL. */
  readonly url: string;
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly copy_text: {
    readonly text: string;
  };
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Opens a Web App. Only in private chats, only https. */
  readonly web_app: {
    readonly url: string;
  };
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly login_url: {
    readonly url: string;
    readonly forward_text?: string | undefined;
    readonly bot_username?: string | undefined;
    readonly request_write_access?: boolean | undefined;
  };
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Inserts the name of the bot and this text into the input field. What the customer then sends is the reply. May be empty. */
  readonly switch_inline_query_current_chat: string;
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly switch_inline_query: string;
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly switch_inline_query_chosen_chat: {
    readonly query?: string | undefined;
    readonly allow_user_chats?: boolean | undefined;
    readonly allow_bot_chats?: boolean | undefined;
    readonly allow_group_chats?: boolean | undefined;
    readonly allow_channel_chats?: boolean | undefined;
  };
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** An empty object: the button is grey and does nothing. */
  readonly disabled: Readonly<Record<string, never>>;
  /** What a tap of this button does. It replaces that of the message. */
  readonly on_tap?: OnTap | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly data?: undefined;
  readonly url?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
};

/** The customer tapped a button of a message. */
export interface ButtonTappedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'button.tapped';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
    readonly tap: Tap;
  };
}

export interface ChangeChannelOptions {
  /** The text before an agent’s text in Telegram: off, first_name, full_name (each on its own line), or a template such as "{first_name} from Support:\n". Nothing is added if the name is not known. */
  readonly agent_name?: string | undefined;
  readonly tap?: {
    /** Shown to the customer for a moment when a button is tapped. Null: no text. */
    readonly toast?: string | null | undefined;
    /** What happens to the buttons of a message after a tap. `keep`: nothing; `mark`: the tapped button gets a check mark; `remove`: all buttons are removed. */
    readonly after?: 'keep' | 'mark' | 'remove' | undefined;
  } | undefined;
  /** Sent to a customer who starts the bot. Null: no text. */
  readonly welcome?: string | null | undefined;
  readonly out_of_office?: {
    /** The time zone of the office hours, as an IANA name. */
    readonly time_zone?: string | undefined;
    /** The office hours of a week. An empty list: always out of office. */
    readonly weekly?: readonly OfficeHours[] | undefined;
    /** Sent to a customer who writes outside the office hours. */
    readonly text?: string | undefined;
    /** The minimum time between two of these texts in one chat. Default: 240. */
    readonly at_most_every_minutes?: number | undefined;
  } | null | undefined;
  /** Sent to a customer whose file is too large to download, once for each message. {limit} is replaced by the limit, such as 20 MB. Null: no text. */
  readonly large_file?: string | null | undefined;
  /** Whether the customer sees that a file is being sent while the gateway prepares it. */
  readonly typing?: 'on' | 'off' | undefined;
  /** Whether agents can write buttons as lines such as [Label -> https://example.com]. */
  readonly shorthand?: 'on' | 'off' | undefined;
}

export interface ChangeConversationRules {
  /** When a message of the customer, or a message sent by the API, starts a new conversation. Null: never; the existing conversation continues and is reopened. */
  readonly new_conversation?: NewConversation | null | undefined;
  /** Intercom: the tag of new conversations. It is created if it does not exist. Null: no tag. */
  readonly tag?: string | null | undefined;
  /** Intercom: whether a message counts as seen by the customer when Telegram has accepted it, so that Intercom does not send it by e-mail. */
  readonly mark_seen?: 'on' | 'off' | undefined;
  /** The assignee of new conversations that have none. Null: the inbox decides. */
  readonly assign_new_to?: Assignee | null | undefined;
  /** Whether a customer's reply to a message sent by the API is assigned to the teammate whom that message named as its sender. A conversation that already has a teammate is not reassigned. */
  readonly assign_to_sender?: 'on' | 'off' | undefined;
}

export interface ChangePassword {
  readonly current_password: string;
  /** At least 10 characters. Common passwords are refused. */
  readonly password: string;
}

export interface Channel {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly bot: {
    readonly id: string;
    readonly username: string;
    readonly supports_inline_queries: boolean;
  };
  /** `direct`: a channel of test mode. Its simulated chats are inside the gateway. */
  readonly updates: 'polling' | 'webhook' | 'direct';
  /** The Bot API server. */
  readonly api_root: string;
  /** The server that files are downloaded from. */
  readonly file_root: string;
  readonly interactive_enabled: boolean;
  readonly options: ChannelOptions;
  readonly state: 'active' | 'disabled' | 'broken';
  /** Why the channel is broken, and what to do. */
  readonly problem: string | null;
  readonly activity: ChannelActivity;
  readonly legs: readonly ChannelLeg[];
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

/** The last activity in each direction, accurate to the minute. Null: none yet. */
export interface ChannelActivity {
  /** The last update from Telegram. */
  readonly last_update_at: string | null;
  /** The last message that Telegram accepted. */
  readonly last_sent_at: string | null;
  /** The last entry that was written into the inbox. */
  readonly last_entry_at: string | null;
  /** The last event from the inbox. The same for all channels of a workspace. */
  readonly last_inbox_event_at: string | null;
}

/** A channel cannot send or receive. A person must look at it. */
export interface ChannelBrokenEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'channel.broken';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  readonly data: {
    /** What is wrong. */
    readonly problem: string | null;
  };
}

export interface ChannelCheck {
  readonly ok: boolean;
  readonly legs: readonly ({
    /** `telegram_in`: updates from Telegram; `telegram_out`: sends to Telegram; `inbox_in`: events from the inbox; `inbox_out`: entries into the inbox; `grant`: the authorization for the inbox. The last three are the same for all channels of a workspace. */
    readonly name: 'telegram_in' | 'telegram_out' | 'inbox_in' | 'inbox_out' | 'grant';
    readonly ok: boolean;
    /** When the current state began. Null if no activity was seen before. */
    readonly since: string | null;
    /** What was found, and what to do if something is wrong. */
    readonly detail: string;
  })[];
}

export interface ChannelCreated {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly bot: {
    readonly id: string;
    readonly username: string;
    readonly supports_inline_queries: boolean;
  };
  /** `direct`: a channel of test mode. Its simulated chats are inside the gateway. */
  readonly updates: 'polling' | 'webhook' | 'direct';
  /** The Bot API server. */
  readonly api_root: string;
  /** The server that files are downloaded from. */
  readonly file_root: string;
  readonly interactive_enabled: boolean;
  readonly options: ChannelOptions;
  readonly state: 'active' | 'disabled' | 'broken';
  /** Why the channel is broken, and what to do. */
  readonly problem: string | null;
  readonly activity: ChannelActivity;
  readonly legs: readonly ChannelLeg[];
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** The API key of the channel. Shown here and never again. */
  readonly key: {
    readonly id: string;
    readonly secret: string;
  };
}

export interface ChannelLeg {
  /** `telegram_in`: updates from Telegram; `telegram_out`: sends to Telegram; `inbox_in`: events from the inbox; `inbox_out`: entries into the inbox; `grant`: the authorization for the inbox. The last three are the same for all channels of a workspace. */
  readonly name: 'telegram_in' | 'telegram_out' | 'inbox_in' | 'inbox_out' | 'grant';
  /** `silent`: no activity has been seen yet. */
  readonly state: 'alive' | 'failing' | 'silent';
  /** When this state began, accurate to the minute. Null if there was no other state before. */
  readonly since: string | null;
  readonly problem: string | null;
  /** What to do if the leg is failing. */
  readonly remedy: string | null;
}

export interface ChannelOptions {
  /** The text before an agent’s text in Telegram: off, first_name, full_name (each on its own line), or a template such as "{first_name} from Support:\n". Nothing is added if the name is not known. */
  readonly agent_name: string;
  readonly tap: {
    /** Shown to the customer for a moment when a button is tapped. Null: no text. */
    readonly toast: string | null;
    /** What happens to the buttons of a message after a tap. `keep`: nothing; `mark`: the tapped button gets a check mark; `remove`: all buttons are removed. */
    readonly after: 'keep' | 'mark' | 'remove';
  };
  /** Sent to a customer who starts the bot. Null: no text. */
  readonly welcome: string | null;
  readonly out_of_office: OutOfOffice | null;
  /** Sent to a customer whose file is too large to download, once for each message. {limit} is replaced by the limit, such as 20 MB. Null: no text. */
  readonly large_file: string | null;
  /** Whether the customer sees that a file is being sent while the gateway prepares it. */
  readonly typing: 'on' | 'off';
  /** Whether agents can write buttons as lines such as [Label -> https://example.com]. */
  readonly shorthand: 'on' | 'off';
}

export interface ChannelPage {
  readonly data: readonly Channel[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** A broken channel works again. */
export interface ChannelRecoveredEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'channel.recovered';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  readonly data: Readonly<Record<string, never>>;
}

/** A Telegram chat of a channel. */
export interface Chat {
  /** Telegram's chat id: `to` of a send. */
  readonly id: string;
  readonly channel_id: string;
  readonly kind: 'private' | 'group' | 'channel';
  /** The name of the person, or the title of the group. */
  readonly title: string | null;
  readonly username: string | null;
  /** The language of the app of the person who wrote last. */
  readonly language: string | null;
  /** When the customer did something for the last time. */
  readonly last_seen_at: string | null;
  /** Since when the bot is blocked or removed. Null if it is not: messages can be sent. */
  readonly blocked_at: string | null;
  /** The id that Telegram gave to the group instead. */
  readonly migrated_to: string | null;
  /** The open conversation or thread in the inbox. */
  readonly conversation_id: string | null;
}

export interface ChatAdministratorRights {
  readonly is_anonymous?: boolean | undefined;
  readonly can_manage_chat?: boolean | undefined;
  readonly can_delete_messages?: boolean | undefined;
  readonly can_manage_video_chats?: boolean | undefined;
  readonly can_restrict_members?: boolean | undefined;
  readonly can_promote_members?: boolean | undefined;
  readonly can_change_info?: boolean | undefined;
  readonly can_invite_users?: boolean | undefined;
  readonly can_post_messages?: boolean | undefined;
  readonly can_edit_messages?: boolean | undefined;
  readonly can_pin_messages?: boolean | undefined;
  readonly can_manage_topics?: boolean | undefined;
  readonly can_manage_direct_messages?: boolean | undefined;
  readonly can_manage_tags?: boolean | undefined;
  readonly can_send_welcome_messages?: boolean | undefined;
  readonly can_post_stories?: boolean | undefined;
  readonly can_edit_stories?: boolean | undefined;
  readonly can_delete_stories?: boolean | undefined;
}

/** The customer blocked the bot, or the bot was removed from a group. */
export interface ChatBlockedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'chat.blocked';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly chat: EventChat;
  };
}

/** Telegram gave a group a new chat id. */
export interface ChatMigratedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'chat.migrated';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly data: {
    readonly chat: EventChat;
    /** The new chat id. */
    readonly migrated_to: string;
  };
}

export interface ChatPage {
  readonly data: readonly Chat[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** The customer started the bot. */
export interface ChatStartedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'chat.started';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly chat: EventChat;
    /** What the link after `?start=` had. Null without one. */
    readonly payload: string | null;
  };
}

/** The customer unblocked the bot, or the bot was added to a group again. */
export interface ChatUnblockedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'chat.unblocked';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly chat: EventChat;
  };
}

export interface Claim {
  readonly token: string;
  /** At least 10 characters. Common passwords are refused. */
  readonly password: string;
  /** ASCII characters only. Upper and lower case make no difference. */
  readonly email?: string | undefined;
  readonly name?: string | undefined;
}

export interface ConfirmTwoFactor {
  readonly code: string;
}

export interface ConnectHubspot {
  readonly kind: 'hubspot';
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
  readonly app_id?: string | undefined;
  readonly developer_api_key?: string | undefined;
  /** HubSpot's custom channel. Absent: a new one is created. */
  readonly channel_id?: string | undefined;
  /** The inbox of new bots for which `createChannel` names none. Absent: the only inbox of the portal. */
  readonly inbox_id?: string | undefined;
  /** Replaces the address of HubSpot's API. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly base_url?: string | undefined;
  readonly contact_matching?: ContactMatching | undefined;
}

/** The app that is installed, and the settings of the inbox. The ids and secrets of the app (`client_id`, `client_secret` and, for HubSpot, `app_id` and `developer_api_key`) come from the settings of the gateway where they are absent, but not for a `base_url` at another origin than that of the settings or of the provider. */
export type ConnectInbox = ConnectIntercom | ConnectHubspot;

export interface ConnectIntercom {
  readonly kind: 'intercom';
  /** The region whose sign-in page is opened. The region of the workspace is detected. Absent: us. */
  readonly region?: 'us' | 'eu' | 'au' | undefined;
  /** Replaces the API address of the region. `{region}` in it is replaced by the region. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly base_url?: string | undefined;
  /** Verifies the signature of Intercom's webhooks. */
  readonly client_secret?: string | undefined;
  /** Needed for an app that several workspaces installed: its webhooks for all of them use one address. */
  readonly client_id?: string | undefined;
  readonly contact_role?: 'lead' | 'user' | undefined;
}

export interface Connection {
  readonly id: string;
  readonly kind: 'intercom' | 'hubspot';
  readonly state: 'waiting' | 'connected' | 'failed' | 'expired';
  /** Open it in a browser. It leads to the sign-in page of the inbox. The answer of that page is accepted in the same browser only. */
  readonly start_url: string;
  /** Add exactly this URL to the redirect URLs of the app. */
  readonly redirect_url: string;
  /** The scopes that the app asks for (HubSpot). Empty where the permissions are chosen in the settings of the app instead. */
  readonly scopes: readonly string[];
  /** The workspace, as soon as it exists. */
  readonly workspace_id: string | null;
  /** Why it failed, and what to do. */
  readonly problem: {
    readonly code: 'denied' | 'refused' | 'wrong_account' | 'already_connected' | 'missing_scopes' | 'wrong_app' | 'unfit_setting';
    readonly message: string;
  } | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** ISO 8601, UTC. */
  readonly expires_at: string;
}

export interface ContactMatching {
  /** Create a contact when none matches. */
  readonly create: boolean;
  /** The contact property that holds the identifier. */
  readonly property: string;
  readonly identifier: 'user_id' | 'username';
}

/** The customer shared a contact. */
export interface ContactSharedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'contact.shared';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
    readonly contact: SharedContact;
  };
}

export interface ConversationRules {
  /** When a message of the customer, or a message sent by the API, starts a new conversation. Null: never; the existing conversation continues and is reopened. */
  readonly new_conversation: NewConversation | null;
  /** Intercom: the tag of new conversations. It is created if it does not exist. Null: no tag. */
  readonly tag: string | null;
  /** Intercom: whether a message counts as seen by the customer when Telegram has accepted it, so that Intercom does not send it by e-mail. */
  readonly mark_seen: 'on' | 'off';
  /** The assignee of new conversations that have none. Null: the inbox decides. */
  readonly assign_new_to: Assignee | null;
  /** Whether a customer's reply to a message sent by the API is assigned to the teammate whom that message named as its sender. A conversation that already has a teammate is not reassigned. */
  readonly assign_to_sender: 'on' | 'off';
}

export interface CreateAdminToken {
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces?: readonly string[] | null | undefined;
  readonly expires_at?: string | null | undefined;
}

export interface CreateChannel {
  readonly workspace_id: string;
  /** Absent: the bot's user name. */
  readonly name?: string | undefined;
  readonly bot_token: string;
  /** How updates arrive. Absent: webhook if the gateway has a public address, else polling. */
  readonly updates?: 'polling' | 'webhook' | undefined;
  /** HubSpot: the inbox of this bot's conversations. Absent: the inbox of the workspace, or the only one of the account. */
  readonly inbox_id?: string | undefined;
  /** The Bot API server. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly api_root?: string | undefined;
  /** The server that files are downloaded from. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly file_root?: string | undefined;
}

export interface CreateConnection {
  /** Absent: a new workspace. */
  readonly workspace_id?: string | undefined;
  /** The name of a new workspace. Absent: the name of the account. */
  readonly name?: string | undefined;
  /** May be absent with `workspace_id`: then the current settings are used. */
  readonly inbox?: ConnectInbox | undefined;
  /** The default sender of a new workspace. */
  readonly default_sender?: string | null | undefined;
}

export type CreateKey = {
  readonly kind: 'channel';
  readonly channel_id: string;
  readonly name?: string | undefined;
  readonly expires_at?: string | null | undefined;
  readonly limit?: KeyLimit | undefined;
  /** `send`: send messages; `read`: read messages and their states; `manage`: do in one workspace what the administrator may do. Only workspace keys can have `manage`. Default: `send` and `read`. */
  readonly scopes?: readonly ('send' | 'read' | 'manage')[] | undefined;
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks?: readonly string[] | undefined;
  /** Imports a key from another system. Absent: a new key is created. */
  readonly secret?: string | undefined;
} | {
  readonly kind: 'workspace';
  readonly workspace_id: string;
  readonly name?: string | undefined;
  readonly expires_at?: string | null | undefined;
  readonly limit?: KeyLimit | undefined;
  /** `send`: send messages; `read`: read messages and their states; `manage`: do in one workspace what the administrator may do. Only workspace keys can have `manage`. Default: `send` and `read`. */
  readonly scopes?: readonly ('send' | 'read' | 'manage')[] | undefined;
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks?: readonly string[] | undefined;
  /** Imports a key from another system. Absent: a new key is created. */
  readonly secret?: string | undefined;
};

export interface CreateTestChannel {
  /** The name of the workspace. */
  readonly name?: string | undefined;
}

export interface CreateWebhookEndpoint {
  /** Where the events go: an https address without a user name and without a fragment. An address in a private network, or without TLS, is accepted only if the operator lists its origin in `CHATFERRY_ALLOWED_PRIVATE_ORIGINS`. */
  readonly url: string;
  /** Whose events. May be absent if the caller has access to exactly one workspace. */
  readonly workspace_id?: string | undefined;
  /** The types of events to send. Null: all, also future ones. */
  readonly types?: readonly ('message.accepted' | 'message.sent' | 'message.failed' | 'message.unknown' | 'message.resolved' | 'message.edited' | 'message.deleted' | 'message.recorded' | 'message.not_recorded' | 'message.received' | 'message.received_edited' | 'button.tapped' | 'contact.shared' | 'location.shared' | 'chat.started' | 'chat.blocked' | 'chat.unblocked' | 'chat.migrated' | 'reply.sent' | 'reply.failed' | 'reply.unknown' | 'channel.broken' | 'channel.recovered' | 'alarm.raised' | 'alarm.cleared')[] | null | undefined;
  /** Only events of these channels. Null: all events of the workspace, also those that belong to no channel. */
  readonly channel_ids?: readonly string[] | null | undefined;
  /** Your own note. It is never sent. */
  readonly description?: string | undefined;
  /** False: nothing is sent until it is true again. What waits is kept, and so is the place in the event log. */
  readonly enabled?: boolean | undefined;
}

export interface CreateWorkspace {
  readonly name: string;
  readonly inbox: InboxInput;
  readonly default_sender?: string | null | undefined;
  readonly conversation_rules?: ChangeConversationRules | undefined;
}

export interface CustomerErased {
  /** ISO 8601, UTC. */
  readonly erased_at: string;
  readonly messages: number;
  readonly updates: number;
  /** What the gateway cannot erase, and where you can erase it. */
  readonly remains: {
    readonly telegram: string;
    readonly inbox: {
      readonly note: string;
      readonly contact_ids: readonly string[];
      readonly conversation_ids: readonly string[];
    };
    readonly backups: string;
  };
}

export interface CustomerExport {
  /** ISO 8601, UTC. */
  readonly exported_at: string;
  readonly data: readonly ({
    readonly table: string;
    readonly rows: readonly unknown[];
  })[];
}

/** Work that failed permanently. A person decides what to do with it. */
export interface DeadLetter {
  readonly id: string;
  readonly workspace_id: string;
  /** `mirror`: a message was not copied into the inbox; `file`: files of a message could not be fetched, or were not copied into the inbox; `update`: an update from Telegram was not processed; `inbox-event`: an event from the inbox was not processed; `automatic`: an automatic answer of the gateway was not sent; `webhook`: sending an event to a webhook endpoint ended the gateway’s process, or failed for a reason inside it; `scheduled`: a scheduled message was not sent. */
  readonly kind: 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled';
  readonly state: 'waiting' | 'replayed' | 'discarded';
  /** Why the work failed permanently. */
  readonly cause: string;
  /** The number of failures in a row. */
  readonly failures: number;
  /** The message that was not copied. */
  readonly message_id: number | null;
  /** The gateway's number of the raw update or event. */
  readonly update_id: number | null;
  /** The conversation in whose order the work is done. */
  readonly lane: string;
  /** Why it was discarded. */
  readonly note: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly decided_at: string | null;
}

export interface DeadLetterDetail {
  readonly id: string;
  readonly workspace_id: string;
  /** `mirror`: a message was not copied into the inbox; `file`: files of a message could not be fetched, or were not copied into the inbox; `update`: an update from Telegram was not processed; `inbox-event`: an event from the inbox was not processed; `automatic`: an automatic answer of the gateway was not sent; `webhook`: sending an event to a webhook endpoint ended the gateway’s process, or failed for a reason inside it; `scheduled`: a scheduled message was not sent. */
  readonly kind: 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled';
  readonly state: 'waiting' | 'replayed' | 'discarded';
  /** Why the work failed permanently. */
  readonly cause: string;
  /** The number of failures in a row. */
  readonly failures: number;
  /** The message that was not copied. */
  readonly message_id: number | null;
  /** The gateway's number of the raw update or event. */
  readonly update_id: number | null;
  /** The conversation in whose order the work is done. */
  readonly lane: string;
  /** Why it was discarded. */
  readonly note: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly decided_at: string | null;
  /** The bytes of the update or event as text, as long as they are stored. Null if there are none. */
  readonly raw: string | null;
}

export interface DeadLetterPage {
  readonly data: readonly DeadLetter[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface DeadLettersReplayed {
  readonly replayed: number;
  /** How many that match still wait. */
  readonly remaining: number;
}

export interface DiscardDeadLetter {
  /** Why. Stored with the dead letter. */
  readonly reason: string;
}

export interface EditMessage {
  /** The new text, or the new caption of a message with media. Absent: it does not change. */
  readonly text?: string | undefined;
  /** The new file of a message with a file, or the file that a text becomes; its words become the caption. Not a voice message or a sticker. In an album a photo or a video can become either; an audio file or a document stays one. The same file again changes nothing. Absent: it does not change. */
  readonly media?: MediaItem | undefined;
  /** For an album, with `media`: which of its files is replaced, from 0. */
  readonly media_position?: number | undefined;
  /** How `text` is written. `plain` (default): it is shown as it is. `html`: Telegram's tags (b, i, u, s, a, code, pre, blockquote, tg-spoiler, tg-emoji). `markdown`: bold, italic, strikethrough, links, code, quotes, lists and headings of CommonMark; HTML in it is plain text. What Telegram would not show is refused with its place. */
  readonly format?: 'plain' | 'html' | 'markdown' | undefined;
  readonly link_preview?: LinkPreview | undefined;
  /** The new buttons. Null removes them. Absent: they do not change. */
  readonly buttons?: readonly (readonly Button[])[] | null | undefined;
  /** What a tap does from now on. Absent: it does not change. */
  readonly on_tap?: OnTap | undefined;
}

export interface EraseCustomer {
  readonly workspace_id: string;
  /** This is also the id of the private chat with the customer. */
  readonly telegram_user_id: string;
}

export interface ErrorBody {
  readonly request_id: string;
  /** The code of the error in the catalogue. */
  readonly error_code: number;
  readonly error_name: 'ARGUMENT_MISSING' | 'EMPTY_BODY' | 'USER_NOT_FOUND' | 'TYPE_MISMATCH' | 'TELEGRAM_REJECTED' | 'DEPRECATED_API_KEY' | 'UNAUTHORIZED' | 'FORBIDDEN' | 'FEATURE_DISABLED' | 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'IDEMPOTENCY_CONFLICT' | 'NOT_REPEATABLE' | 'ALREADY_CONNECTED' | 'PAYLOAD_TOO_LARGE' | 'UPLOADS_FULL' | 'UNSUPPORTED_MEDIA_TYPE' | 'IDEMPOTENCY_MISMATCH' | 'INBOX_REFUSED' | 'RATE_LIMITED' | 'INTERNAL' | 'UNAVAILABLE' | 'OUTCOME_UNKNOWN';
  /** A sentence for people, with what to do next. */
  readonly error: string;
  /** The page about this error: its cause, what to do, and an example. The gateway serves it itself. */
  readonly doc_url: string;
  /** All problems of the request, not only the first. */
  readonly details?: readonly Problem[] | undefined;
  /** Present if the message was stored. */
  readonly message_id?: number | undefined;
  /** Telegram's own answer (errors 3 and 5). */
  readonly telegram?: {
    readonly error_code: number;
    readonly description: string;
  } | undefined;
  /** Why Telegram refused the message (errors 3 and 5). */
  readonly reason?: 'blocked' | 'deactivated' | 'chat_gone' | 'not_started' | 'no_rights' | 'too_large' | 'refused' | undefined;
}

/** One entry of the event log. */
export type Event = MessageAcceptedEvent | MessageSentEvent | MessageFailedEvent | MessageUnknownEvent | MessageResolvedEvent | MessageEditedEvent | MessageDeletedEvent | MessageRecordedEvent | MessageNotRecordedEvent | MessageReceivedEvent | MessageReceivedEditedEvent | ButtonTappedEvent | ContactSharedEvent | LocationSharedEvent | ChatStartedEvent | ChatBlockedEvent | ChatUnblockedEvent | ChatMigratedEvent | ReplySentEvent | ReplyFailedEvent | ReplyUnknownEvent | ChannelBrokenEvent | ChannelRecoveredEvent | AlarmRaisedEvent | AlarmClearedEvent;

export interface EventChat {
  /** Telegram's chat id. */
  readonly id: string;
  /** The person's name in a private chat, else the title. Null while it is not known. */
  readonly title: string | null;
  readonly username: string | null;
}

/** The message as it is when the event is read: later events may already show in it. Its attempts, edits and taps are left out: `GET /api/v1/messages/{message_id}` has them. */
export interface EventMessage {
  /** The gateway's number of the message, which `message_id` of a send's answer is. */
  readonly id: number;
  readonly direction: 'outbound' | 'inbound';
  /** Who wrote it: your backend, an agent, the gateway itself, or the customer. */
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  readonly kind: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other';
  /** `unknown`: it may have been sent; `received`: it came from the customer. */
  readonly state: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received';
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly topic_id: number | null;
  /** The whole text or caption. Null if the message has none. */
  readonly text: string | null;
  readonly files: readonly MessageFile[];
  readonly location: SharedLocation | null;
  readonly contact: SharedContact | null;
  readonly poll: ShownPoll | null;
  /** The buttons below it, or the keys. */
  readonly buttons: readonly (readonly ShownButton[])[] | null;
  /** What was tapped, in the message of a tap. */
  readonly tap: Tap | null;
  readonly reply_to: RepliedTo | null;
  readonly author: Author | null;
  readonly sender: ShownSender | null;
  readonly metadata: Metadata;
  readonly inbox: 'record' | 'skip';
  /** Of an album: that of its first file. */
  readonly channel_message_id: string | null;
  /** All ids in Telegram: an album has one for each file. Empty until it was sent. */
  readonly channel_message_ids: readonly string[];
  readonly request_id: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** ISO 8601, UTC. */
  readonly updated_at: string;
  /** When a scheduled message is sent. */
  readonly send_at: string | null;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
  readonly failure: MessageFailure | null;
  readonly resolution: Resolution | null;
  /** The message that this message repeats. */
  readonly resend_of: number | null;
  /** Why it was repeated. */
  readonly resend_note: string | null;
  /** The message that repeats this message. */
  readonly resent_as: number | null;
  readonly mirror: Mirror;
}

export interface EventPage {
  readonly data: readonly Event[];
  /** How far the log was read: `after` of the next page. Null while the log is empty. */
  readonly next_after: string | null;
  /** Whether there may be more to read now. A page can be short, or empty, and have more after it. */
  readonly has_more: boolean;
}

export interface ExportCustomer {
  readonly workspace_id: string;
  /** This is also the id of the private chat with the customer. */
  readonly telegram_user_id: string;
}

export interface File {
  readonly id: string;
  readonly file_name: string | null;
  /** What the content is, by its first bytes. */
  readonly media_type: string | null;
  readonly size_bytes: number;
  /** Until then it can be sent: 24 hours after the upload. */
  readonly expires_at: string;
}

export interface ForceReply {
  readonly force_reply: true;
  /** Shown in the empty input field: 1 to 64 characters. */
  readonly input_field_placeholder?: string | undefined;
  readonly selective?: boolean | undefined;
}

export interface Health {
  readonly status: 'ok';
}

/** Starts a reply to this message in the customer’s app. */
export interface HighlightReplyMessage {
  readonly type: 'highlight_reply';
  /** Shown without formatting: 1 to 4096 Unicode code points after trimming. */
  readonly text: string;
  readonly reply_markup: ForceReply;
}

export interface HubspotInput {
  readonly kind: 'hubspot';
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
  readonly app_id: string;
  readonly developer_api_key?: string | undefined;
  /** HubSpot's custom channel. Absent: a new one is created. */
  readonly channel_id?: string | undefined;
  /** The inbox of new bots for which `createChannel` names none. Absent: the only inbox of the portal. */
  readonly inbox_id?: string | undefined;
  /** Replaces the address of HubSpot's API. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly base_url?: string | undefined;
  readonly contact_matching?: ContactMatching | undefined;
}

/** The connected inbox without its secrets. `test`: a workspace of test mode, whose inbox is the log. */
export type Inbox = {
  readonly kind: 'intercom';
  readonly settings: {
    readonly region: 'us' | 'eu' | 'au';
    readonly base_url: string | null;
    readonly contact_role: 'lead' | 'user';
    readonly client_id: string | null;
    readonly has_client_secret: boolean;
  };
} | {
  readonly kind: 'hubspot';
  readonly settings: {
    readonly client_id: string;
    readonly app_id: string;
    readonly channel_id: string | null;
    readonly inbox_id: string | null;
    readonly base_url: string | null;
    readonly contact_matching: ContactMatching | null;
    readonly has_developer_api_key: boolean;
  };
} | {
  readonly kind: 'test';
  readonly settings: Readonly<Record<string, never>>;
};

export type InboxInput = IntercomInput | HubspotInput;

/** A button below the message: a label and exactly one action. */
export type InlineButton = {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** An http, https, tg, ton or tonsite URL; no scheme means http. The host must contain a dot. The gateway never fetches the URL. */
  readonly url: string;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Inserts the name of the bot and this text into the input field. What the customer then sends is the reply. May be empty. */
  readonly switch_inline_query_current_chat: string;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Sent to the gateway when the button is tapped: 1 to 64 bytes of UTF-8. */
  readonly callback_data: string;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly copy_text: {
    readonly text: string;
  };
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Opens a Web App. Only in private chats, only https. */
  readonly web_app: {
    readonly url: string;
  };
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly login_url: {
    readonly url: string;
    readonly forward_text?: string | undefined;
    readonly bot_username?: string | undefined;
    readonly request_write_access?: boolean | undefined;
  };
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly switch_inline_query: string;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  readonly switch_inline_query_chosen_chat: {
    readonly query?: string | undefined;
    readonly allow_user_chats?: boolean | undefined;
    readonly allow_bot_chats?: boolean | undefined;
    readonly allow_group_chats?: boolean | undefined;
    readonly allow_channel_chats?: boolean | undefined;
  };
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly disabled?: undefined;
} | {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** An empty object: the button is grey and does nothing. */
  readonly disabled: Readonly<Record<string, never>>;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
  readonly url?: undefined;
  readonly switch_inline_query_current_chat?: undefined;
  readonly callback_data?: undefined;
  readonly copy_text?: undefined;
  readonly web_app?: undefined;
  readonly login_url?: undefined;
  readonly switch_inline_query?: undefined;
  readonly switch_inline_query_chosen_chat?: undefined;
};

export interface InlineKeyboardMarkup {
  readonly inline_keyboard: readonly (readonly InlineButton[])[];
  /** Also starts a reply to this message in the customer’s app, as `highlight_reply` does. */
  readonly force_reply?: boolean | undefined;
}

export interface IntercomInput {
  readonly kind: 'intercom';
  readonly access_token: string;
  readonly region?: 'us' | 'eu' | 'au' | undefined;
  /** Replaces the API address of the region. `{region}` in it is replaced by the region. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly base_url?: string | undefined;
  /** Verifies the signature of Intercom's webhooks. */
  readonly client_secret?: string | undefined;
  /** Needed for an app that several workspaces installed: its webhooks for all of them use one address. */
  readonly client_id?: string | undefined;
  readonly contact_role?: 'lead' | 'user' | undefined;
}

export type InviteAgain = Readonly<Record<string, never>>;

export interface InvitePerson {
  /** ASCII characters only. Upper and lower case make no difference. */
  readonly email: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces?: readonly string[] | null | undefined;
}

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'workspace';
  readonly workspace_id: string;
  /** Null for a workspace key. */
  readonly channel_id: string | null;
  /** The first characters of the key, which are not secret. */
  readonly prefix: string;
  readonly state: 'live' | 'retired' | 'revoked' | 'expired';
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly expires_at: string | null;
  /** When a rotated key stops working. */
  readonly retires_at: string | null;
  /** Accurate to the minute. */
  readonly last_used_at: string | null;
  /** The IP address of the last use. */
  readonly last_used_from: string | null;
  readonly scopes: readonly ('send' | 'read' | 'manage')[];
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks: readonly string[];
  readonly limit: KeyLimit;
}

export interface KeyCreated {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'workspace';
  readonly workspace_id: string;
  /** Null for a workspace key. */
  readonly channel_id: string | null;
  /** The first characters of the key, which are not secret. */
  readonly prefix: string;
  readonly state: 'live' | 'retired' | 'revoked' | 'expired';
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly expires_at: string | null;
  /** When a rotated key stops working. */
  readonly retires_at: string | null;
  /** Accurate to the minute. */
  readonly last_used_at: string | null;
  /** The IP address of the last use. */
  readonly last_used_from: string | null;
  readonly scopes: readonly ('send' | 'read' | 'manage')[];
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks: readonly string[];
  readonly limit: KeyLimit;
  /** The key itself. Shown here and never again. */
  readonly secret: string;
}

/** Requests per second, and the maximum number at the same moment. Default: 100 and 200. */
export interface KeyLimit {
  readonly per_second: number;
  readonly burst: number;
}

export interface KeyPage {
  readonly data: readonly Key[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface KeyRotated {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'workspace';
  readonly workspace_id: string;
  /** Null for a workspace key. */
  readonly channel_id: string | null;
  /** The first characters of the key, which are not secret. */
  readonly prefix: string;
  readonly state: 'live' | 'retired' | 'revoked' | 'expired';
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly expires_at: string | null;
  /** When a rotated key stops working. */
  readonly retires_at: string | null;
  /** Accurate to the minute. */
  readonly last_used_at: string | null;
  /** The IP address of the last use. */
  readonly last_used_from: string | null;
  readonly scopes: readonly ('send' | 'read' | 'manage')[];
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks: readonly string[];
  readonly limit: KeyLimit;
  /** The key itself. Shown here and never again. */
  readonly secret: string;
  /** The rotated key. */
  readonly replaces: Key;
}

export interface LinkPreview {
  readonly disabled?: boolean | undefined;
  /** The link that is previewed. Absent: the first one. */
  readonly url?: string | undefined;
  readonly prefer_large?: boolean | undefined;
  readonly above_text?: boolean | undefined;
}

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** The customer shared a location. */
export interface LocationSharedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'location.shared';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
    readonly location: SharedLocation;
  };
}

export interface Me {
  readonly kind: 'operator' | 'key' | 'token' | 'person';
  readonly id: string;
  readonly permissions: readonly string[];
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  readonly person: Person | null;
}

export type MediaItem = {
  readonly kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker';
  /** The gateway fetches it. It is never given to Telegram. */
  readonly url: string;
  /** The name that the customer sees. Absent: the name of the file. */
  readonly file_name?: string | undefined;
  readonly file?: undefined;
  readonly file_id?: undefined;
} | {
  readonly kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker';
  /** The id of a file that was uploaded with `POST /api/v1/files`. */
  readonly file: string;
  /** The name that the customer sees. Absent: the name of the file. */
  readonly file_name?: string | undefined;
  readonly url?: undefined;
  readonly file_id?: undefined;
} | {
  readonly kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker';
  /** A file that Telegram has: the `file_id` that this bot got for it. */
  readonly file_id: string;
  /** The name that the customer sees. Absent: the name of the file. */
  readonly file_name?: string | undefined;
  readonly url?: undefined;
  readonly file?: undefined;
};

export interface Message {
  /** The gateway's number of the message, which `message_id` of a send's answer is. */
  readonly id: number;
  readonly direction: 'outbound' | 'inbound';
  /** Who wrote it: your backend, an agent, the gateway itself, or the customer. */
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  readonly kind: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other';
  /** `unknown`: it may have been sent; `received`: it came from the customer. */
  readonly state: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received';
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly topic_id: number | null;
  /** The whole text or caption. Null if the message has none. */
  readonly text: string | null;
  readonly files: readonly MessageFile[];
  readonly location: SharedLocation | null;
  readonly contact: SharedContact | null;
  readonly poll: ShownPoll | null;
  /** The buttons below it, or the keys. */
  readonly buttons: readonly (readonly ShownButton[])[] | null;
  /** What was tapped, in the message of a tap. */
  readonly tap: Tap | null;
  readonly reply_to: RepliedTo | null;
  readonly author: Author | null;
  readonly sender: ShownSender | null;
  readonly metadata: Metadata;
  readonly inbox: 'record' | 'skip';
  /** Of an album: that of its first file. */
  readonly channel_message_id: string | null;
  /** All ids in Telegram: an album has one for each file. Empty until it was sent. */
  readonly channel_message_ids: readonly string[];
  readonly request_id: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** ISO 8601, UTC. */
  readonly updated_at: string;
  /** When a scheduled message is sent. */
  readonly send_at: string | null;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
  readonly failure: MessageFailure | null;
  readonly resolution: Resolution | null;
  /** The message that this message repeats. */
  readonly resend_of: number | null;
  /** Why it was repeated. */
  readonly resend_note: string | null;
  /** The message that repeats this message. */
  readonly resent_as: number | null;
  readonly attempts: readonly Attempt[];
  readonly edits: readonly ({
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly text: string | null;
    /** The new files. Null if they did not change. */
    readonly files: readonly MessageFile[] | null;
  })[];
  readonly taps: readonly ({
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly inbound_id: number;
    readonly button: string | null;
    readonly data: unknown;
  })[];
  readonly mirror: Mirror;
}

/** A message is stored and will be sent. */
export interface MessageAcceptedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.accepted';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** A message that was sent was deleted, or a scheduled message was cancelled. */
export interface MessageDeletedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.deleted';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** A message that was sent has other words, media or buttons now. */
export interface MessageEditedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.edited';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** The message was certainly not sent. */
export interface MessageFailedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.failed';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

export interface MessageFailure {
  readonly code: number;
  /** The name of the error in the catalogue. */
  readonly name: string;
  /** Null if Telegram did not refuse it. */
  readonly reason: 'blocked' | 'deactivated' | 'chat_gone' | 'not_started' | 'no_rights' | 'too_large' | 'refused' | null;
  /** A sentence for people: what happened and what to do. */
  readonly detail: string;
  /** Whether the same message can succeed later although nothing else changes. */
  readonly can_retry: boolean;
}

export interface MessageFile {
  readonly kind: 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'video_note';
  readonly file_name: string | null;
  /** As declared by the sender. Not to be trusted. */
  readonly media_type: string | null;
  readonly size_bytes: number | null;
  /** An address of the gateway that needs no key and ends after an hour. Null for files that you sent. */
  readonly url: string | null;
}

/** Starts a reply to the message in the customer’s app. */
export interface MessageForceReply {
  /** Shown in the empty input field: 1 to 64 characters. */
  readonly placeholder?: string | undefined;
  readonly selective?: boolean | undefined;
}

/** Keys in place of the customer's keyboard. */
export interface MessageKeyboard {
  readonly keys: readonly (readonly (ReplyKey | string)[])[];
  readonly resize?: boolean | undefined;
  readonly one_time?: boolean | undefined;
  readonly persistent?: boolean | undefined;
  /** Shown in the empty input field: 1 to 64 characters. */
  readonly placeholder?: string | undefined;
  readonly selective?: boolean | undefined;
  /** Also starts a reply to this message in the customer’s app, as `highlight_reply` does. */
  readonly force_reply?: boolean | undefined;
}

export interface MessageKeyboardRemoval {
  readonly selective?: boolean | undefined;
}

/** The message could not be written into the inbox. A person must look at it. */
export interface MessageNotRecordedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.not_recorded';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

export interface MessagePage {
  readonly data: readonly Message[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** The customer changed a message. */
export interface MessageReceivedEditedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.received_edited';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** The customer sent a message. */
export interface MessageReceivedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.received';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** The message is in the inbox. */
export interface MessageRecordedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.recorded';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** It was decided whether an unknown message was sent. */
export interface MessageResolvedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.resolved';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
    /** What was decided. */
    readonly state: 'sent' | 'failed';
  };
}

/** Telegram has accepted the message. */
export interface MessageSentEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.sent';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** The message may have been sent. It is not sent again. */
export interface MessageUnknownEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'message.unknown';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** Up to 20 pairs of strings: a name of up to 40 letters, digits, dots, dashes and underscores, and a value of up to 500 characters. Part of every event of the message; never sent to Telegram or the inbox. */
export type Metadata = Readonly<Record<string, string>>;

/** The copy in the inbox. `dead`: copying failed permanently and needs a person. */
export interface Mirror {
  readonly state: 'pending' | 'done' | 'dead' | 'none';
  /** The conversation or thread in the inbox. */
  readonly conversation_id: string | null;
  /** The conversation part or message in the inbox. */
  readonly entry_id: string | null;
  readonly detail: string | null;
}

export interface NewConversation {
  /** `closing`: the conversation has been closed for this time. `silence`: neither side has written for this time. */
  readonly after: 'closing' | 'silence';
  /** 0 with `closing`: as soon as it is closed. */
  readonly minutes: number;
}

export interface OfficeHours {
  /** The days on which the hours begin: 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  readonly from: string;
  /** The end, not included. A time before `from` is on the next day. 24:00 is the end of the day. */
  readonly to: string;
}

/** What a tap does. Absent fields have the values of the settings of the channel. */
export interface OnTap {
  /** Shown for a moment at the top of the chat. */
  readonly toast?: string | undefined;
  /** Shown in a window that the customer closes. */
  readonly alert?: string | undefined;
  /** `keep` the buttons, `mark` the tapped one with a tick, or `remove` all buttons of the message. */
  readonly then?: 'keep' | 'mark' | 'remove' | undefined;
  /** Only the first tap counts. Later taps, of any button of the message, get an answer and make no event. */
  readonly once?: boolean | undefined;
  /** After this time a tap gets an answer and makes no event. At most 30 days. */
  readonly expires_in_seconds?: number | undefined;
}

export interface OutOfOffice {
  /** The time zone of the office hours, as an IANA name. */
  readonly time_zone: string;
  /** The office hours of a week. An empty list: always out of office. */
  readonly weekly: readonly OfficeHours[];
  /** Sent to a customer who writes outside the office hours. */
  readonly text: string;
  /** The minimum time between two of these texts in one chat. Default: 240. */
  readonly at_most_every_minutes: number;
}

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  /** `invited`: has not set a password yet. */
  readonly state: 'invited' | 'active' | 'disabled';
  /** Whether a code is required at sign-in. */
  readonly two_factor: boolean;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

export interface PersonInvited {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  /** `invited`: has not set a password yet. */
  readonly state: 'invited' | 'active' | 'disabled';
  /** Whether a code is required at sign-in. */
  readonly two_factor: boolean;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** For `POST /api/v1/claim`. Can be used once, within 7 days. Shown here and never again. */
  readonly invitation: string;
}

export interface PersonInvitedAgain {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role: 'owner' | 'admin' | 'member' | 'read-only';
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces: readonly string[] | null;
  /** `invited`: has not set a password yet. */
  readonly state: 'invited' | 'active' | 'disabled';
  /** Whether a code is required at sign-in. */
  readonly two_factor: boolean;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** For `POST /api/v1/claim`. Can be used once, within 7 days. Shown here and never again. */
  readonly invitation: string;
}

export interface PersonPage {
  readonly data: readonly Person[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface Poll {
  readonly question: string;
  readonly options: readonly string[];
  /** Default: true. The answers of others are not shown. */
  readonly is_anonymous?: boolean | undefined;
  readonly allows_multiple_answers?: boolean | undefined;
  /** Makes it a quiz: the position of the right option, from 0. */
  readonly correct_option?: number | undefined;
  /** For a quiz: shown after a wrong answer. */
  readonly explanation?: string | undefined;
}

export interface PortalInbox {
  readonly id: string;
  readonly name: string;
  readonly kind: 'inbox' | 'help_desk';
}

export interface PortalInboxes {
  readonly data: readonly PortalInbox[];
}

export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

export interface ProblemDetails {
  /** The page about this error. It is the same for every error with this name. */
  readonly type: string;
  /** What kind of error it is, in a few words. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** A sentence for people, with what to do next. */
  readonly detail: string;
  /** The request, as `urn:uuid:` with its id. */
  readonly instance: string;
  readonly request_id: string;
  /** The code of the error in the catalogue. */
  readonly error_code: number;
  readonly error_name: 'ARGUMENT_MISSING' | 'EMPTY_BODY' | 'USER_NOT_FOUND' | 'TYPE_MISMATCH' | 'TELEGRAM_REJECTED' | 'DEPRECATED_API_KEY' | 'UNAUTHORIZED' | 'FORBIDDEN' | 'FEATURE_DISABLED' | 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'IDEMPOTENCY_CONFLICT' | 'NOT_REPEATABLE' | 'ALREADY_CONNECTED' | 'PAYLOAD_TOO_LARGE' | 'UPLOADS_FULL' | 'UNSUPPORTED_MEDIA_TYPE' | 'IDEMPOTENCY_MISMATCH' | 'INBOX_REFUSED' | 'RATE_LIMITED' | 'INTERNAL' | 'UNAVAILABLE' | 'OUTCOME_UNKNOWN';
  /** All problems of the request, not only the first. */
  readonly details?: readonly Problem[] | undefined;
  /** Present if the message was stored. */
  readonly message_id?: number | undefined;
  /** Telegram's own answer (errors 3 and 5). */
  readonly telegram?: {
    readonly error_code: number;
    readonly description: string;
  } | undefined;
  /** Why Telegram refused the message (errors 3 and 5). */
  readonly reason?: 'blocked' | 'deactivated' | 'chat_gone' | 'not_started' | 'no_rights' | 'too_large' | 'refused' | undefined;
}

/** Removes the custom keyboard. */
export interface RemoveReplyKeyboardMessage {
  readonly type: 'remove_reply_keyboard';
  /** Shown without formatting: 1 to 4096 Unicode code points after trimming. */
  readonly text: string;
  readonly reply_markup: ReplyKeyboardRemove;
}

export interface RepairChannel {
  /** Repair also if another system has taken the updates twice within a day. */
  readonly force?: boolean | undefined;
}

export interface ReplayDeadLetters {
  readonly workspace_id?: string | undefined;
  /** `mirror`: a message was not copied into the inbox; `file`: files of a message could not be fetched, or were not copied into the inbox; `update`: an update from Telegram was not processed; `inbox-event`: an event from the inbox was not processed; `automatic`: an automatic answer of the gateway was not sent; `webhook`: sending an event to a webhook endpoint ended the gateway’s process, or failed for a reason inside it; `scheduled`: a scheduled message was not sent. */
  readonly kind?: 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled' | undefined;
  /** ISO 8601, UTC. */
  readonly created_before?: string | undefined;
  /** Only count. */
  readonly dry_run?: boolean | undefined;
}

export type ReplayWebhookEvents = {
  readonly event_ids: readonly string[];
} | {
  /** ISO 8601, UTC. */
  readonly since: string;
};

export interface RepliedTo {
  readonly message_id: number | null;
  readonly channel_message_id: string | null;
  /** The words that are answered, as far as they are known. */
  readonly text: string | null;
}

/** Buttons below the message. */
export interface ReplyButtonsMessage {
  readonly type: 'reply_buttons';
  /** Shown without formatting: 1 to 4096 Unicode code points after trimming. */
  readonly text: string;
  readonly reply_markup: InlineKeyboardMarkup;
}

/** An agent's reply was certainly not sent. */
export interface ReplyFailedEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'reply.failed';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

/** A key that sends its label, or performs at most one action. */
export interface ReplyKey {
  /** The label. Telegram apps cut long labels. */
  readonly text: string;
  /** Shares the customer's phone number. Only in private chats. False: a plain key. */
  readonly request_contact?: boolean | undefined;
  /** Shares the customer's location. Only in private chats. False: a plain key. */
  readonly request_location?: boolean | undefined;
  readonly request_users?: {
    /** A 32-bit number that you choose. The answer contains it. */
    readonly request_id: number;
    readonly user_is_bot?: boolean | undefined;
    readonly user_is_premium?: boolean | undefined;
    readonly max_quantity?: number | undefined;
    readonly request_name?: boolean | undefined;
    readonly request_username?: boolean | undefined;
    readonly request_photo?: boolean | undefined;
  } | undefined;
  readonly request_chat?: {
    /** A 32-bit number that you choose. The answer contains it. */
    readonly request_id: number;
    readonly chat_is_channel: boolean;
    readonly chat_is_forum?: boolean | undefined;
    readonly chat_has_username?: boolean | undefined;
    readonly chat_is_created?: boolean | undefined;
    readonly user_administrator_rights?: ChatAdministratorRights | undefined;
    readonly bot_administrator_rights?: ChatAdministratorRights | undefined;
    readonly bot_is_member?: boolean | undefined;
    readonly request_title?: boolean | undefined;
    readonly request_username?: boolean | undefined;
    readonly request_photo?: boolean | undefined;
  } | undefined;
  readonly request_poll?: {
    readonly type?: 'quiz' | 'regular' | undefined;
  } | undefined;
  /** Asks the customer to create a bot that this bot manages. Only in private chats, and only for bots that may manage others. */
  readonly request_managed_bot?: {
    /** A 32-bit number that you choose. The answer contains it. */
    readonly request_id: number;
    readonly suggested_name?: string | undefined;
    readonly suggested_username?: string | undefined;
  } | undefined;
  /** Opens a Web App. Only in private chats, only https. */
  readonly web_app?: {
    readonly url: string;
  } | undefined;
  /** The colour: blue, green or red. */
  readonly style?: 'primary' | 'success' | 'danger' | undefined;
  /** A custom emoji before the label. Telegram allows it only for bots with a purchased user name or a Premium owner. */
  readonly icon_custom_emoji_id?: string | undefined;
}

export interface ReplyKeyboardMarkup {
  readonly keyboard: readonly (readonly (ReplyKey | string)[])[];
  readonly resize_keyboard?: boolean | undefined;
  readonly one_time_keyboard?: boolean | undefined;
  readonly is_persistent?: boolean | undefined;
  /** Shown in the empty input field: 1 to 64 characters. */
  readonly input_field_placeholder?: string | undefined;
  readonly selective?: boolean | undefined;
  /** Also starts a reply to this message in the customer’s app, as `highlight_reply` does. */
  readonly force_reply?: boolean | undefined;
}

/** A custom keyboard that replaces the customer's keyboard. */
export interface ReplyKeyboardMessage {
  readonly type: 'reply_keyboard';
  /** Shown without formatting: 1 to 4096 Unicode code points after trimming. */
  readonly text: string;
  readonly reply_markup: ReplyKeyboardMarkup;
}

export interface ReplyKeyboardRemove {
  readonly remove_keyboard: true;
  readonly selective?: boolean | undefined;
}

/** Telegram has accepted an agent's reply. */
export interface ReplySentEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'reply.sent';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

export interface ReplyTo {
  /** The `id` of a message in the same chat, in either direction. */
  readonly message_id: number;
  /** The part of its text that is quoted, exactly. */
  readonly quote?: string | undefined;
}

/** An agent's reply may have been sent. It is not sent again. */
export interface ReplyUnknownEvent {
  /** Ids sort as text in the order in which the log is read. An event has the same id wherever it is read. */
  readonly id: string;
  readonly type: 'reply.unknown';
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly workspace_id: string;
  readonly channel_id: string;
  /** Telegram's chat id. */
  readonly chat_id: string;
  readonly message_id: number;
  /** The metadata of the message. Absent if it has none. */
  readonly metadata?: Metadata | undefined;
  readonly data: {
    readonly message: EventMessage;
  };
}

export interface ResendMessage {
  /** Why. Stored with the new message. */
  readonly note: string;
}

/** How it was decided whether an `unknown` message was sent. */
export interface Resolution {
  readonly state: 'sent' | 'failed';
  /** `evidence`: the customer tapped a button of the message or quoted it. */
  readonly by: 'admin' | 'evidence';
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface ResolveMessage {
  readonly state: 'sent' | 'failed';
  /** How you know. Stored with the message. */
  readonly note: string;
}

export type RevokeAdminToken = Readonly<Record<string, never>>;

export type RevokeKey = Readonly<Record<string, never>>;

export interface RotateKey {
  readonly overlap_seconds?: number | undefined;
}

export interface RotateWebhookSecret {
  readonly overlap_seconds?: number | undefined;
}

export interface SendInteractive {
  readonly destination_user_id: string | number;
  /** The Intercom teammate who appears as the sender. Default: the default sender of the workspace. */
  readonly intercom_teammate_id?: string | number | undefined;
  /** The HubSpot user who appears as the sender. Default: the default sender of the workspace. */
  readonly hubspot_user_id?: string | number | undefined;
  /** With a workspace key: the channel to send from. Optional if the workspace has exactly one channel. */
  readonly channel_id?: string | undefined;
  /** The message as an object, or the same object as a JSON string. */
  readonly telegram_interactive_message: TelegramInteractiveMessage | string;
}

export interface SendMessage {
  readonly to: string | number;
  /** With a workspace key: the channel to send from. Optional if the workspace has exactly one channel. */
  readonly channel_id?: string | undefined;
  /** 1 to 4096 Unicode code points as the customer sees them; with media it is the caption, of at most 1024. */
  readonly text?: string | undefined;
  /** How `text` is written. `plain` (default): it is shown as it is. `html`: Telegram's tags (b, i, u, s, a, code, pre, blockquote, tg-spoiler, tg-emoji). `markdown`: bold, italic, strikethrough, links, code, quotes, lists and headings of CommonMark; HTML in it is plain text. What Telegram would not show is refused with its place. */
  readonly format?: 'plain' | 'html' | 'markdown' | undefined;
  /** One file, or 2 to 10 as an album. `text` is the caption. */
  readonly media?: MediaItem | readonly MediaItem[] | undefined;
  readonly location?: Location | undefined;
  readonly venue?: Venue | undefined;
  readonly contact?: SentContact | undefined;
  readonly poll?: Poll | undefined;
  readonly buttons?: readonly (readonly Button[])[] | undefined;
  readonly keyboard?: MessageKeyboard | undefined;
  /** Removes the custom keyboard. */
  readonly remove_keyboard?: true | MessageKeyboardRemoval | undefined;
  readonly force_reply?: true | MessageForceReply | undefined;
  readonly on_tap?: OnTap | undefined;
  readonly reply_to?: ReplyTo | undefined;
  /** The customer’s app makes no sound. */
  readonly silent?: boolean | undefined;
  /** The customer cannot forward or save it. */
  readonly protect?: boolean | undefined;
  readonly link_preview?: LinkPreview | undefined;
  /** The topic of a group with topics. */
  readonly topic_id?: number | undefined;
  /** An animation that is shown once. Only in private chats. */
  readonly effect_id?: string | undefined;
  readonly sender?: Sender | undefined;
  /** When it is sent: up to 30 days ahead. Absent: now. */
  readonly send_at?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** `record` (default) shows the message in the inbox; `skip` does not. */
  readonly inbox?: 'record' | 'skip' | undefined;
}

export interface Sender {
  /** The Intercom teammate who appears as the sender. Default: the default sender of the workspace. */
  readonly intercom_teammate_id?: string | number | undefined;
  /** The HubSpot user who appears as the sender. Default: the default sender of the workspace. */
  readonly hubspot_user_id?: string | number | undefined;
}

export interface Sent {
  readonly request_id: string;
  /** The gateway's number of the message. */
  readonly message_id: number;
  /** `tg-` and Telegram's number of the message. */
  readonly channel_message_id: string;
  /** Fields that were ignored, and settings that could not be applied. */
  readonly warnings?: readonly Problem[] | undefined;
}

/** A contact card. */
export interface SentContact {
  readonly phone_number: string;
  readonly first_name: string;
  readonly last_name?: string | undefined;
}

export interface Session {
  readonly id: string;
  /** Whether it is the session of this request. */
  readonly current: boolean;
  readonly address: string;
  readonly user_agent: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** Accurate to the minute. */
  readonly seen_at: string;
  /** 30 minutes after the last use, but at most 12 hours after the sign-in. */
  readonly ends_at: string;
}

export interface SessionList {
  readonly data: readonly Session[];
}

export interface SharedContact {
  readonly phone_number: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  /** Whether Telegram confirms that it is the number of the customer. */
  readonly is_own: boolean;
}

export interface SharedLocation {
  readonly latitude: number;
  readonly longitude: number;
  readonly title: string | null;
  readonly address: string | null;
  readonly is_live: boolean;
}

export interface ShownButton {
  readonly text: string;
  /** The field of the button that says what it does, or `text` for a plain key. */
  readonly action: string;
  /** The data of a button that has data. */
  readonly data?: unknown | undefined;
  readonly url?: string | undefined;
}

export interface ShownPoll {
  readonly question: string;
  readonly options: readonly string[];
  /** Of a quiz: the position of the right option, from 0. */
  readonly correct_option: number | null;
}

/** The agent who appears as the sender in the inbox. */
export interface ShownSender {
  readonly intercom_teammate_id?: string | undefined;
  readonly hubspot_user_id?: string | undefined;
}

export interface SignIn {
  /** ASCII characters only. Upper and lower case make no difference. */
  readonly email: string;
  readonly password: string;
  /** The code of the second factor, if the person has one. */
  readonly code?: string | undefined;
}

export interface StartTwoFactor {
  readonly password: string;
  /** Required if a second factor is active. */
  readonly code?: string | undefined;
}

export interface StopTwoFactor {
  readonly password: string;
  /** Required if a second factor is active. */
  readonly code?: string | undefined;
}

export interface Tap {
  /** The label. Null if it is not known. */
  readonly button: string | null;
  /** The data of the button, unchanged. */
  readonly data: unknown;
  /** The message with the button. Null if it is not known. */
  readonly message_id: number | null;
}

export type TelegramInteractiveMessage = ReplyButtonsMessage | ReplyKeyboardMessage | RemoveReplyKeyboardMessage | HighlightReplyMessage;

/** What the customer of a test chat did. */
export interface TestAction {
  /** `update`: the bot was told, and the events follow. Everything else happens in the app of the customer, and the bot is not told. */
  readonly effect: 'update' | 'opened-url' | 'copied' | 'drafted' | 'chose-chat' | 'opened-web-app' | 'nothing';
  /** The address that was opened, the text that was copied, or the draft. Null for an `update`. */
  readonly value: string | null;
  /** `tg-` and Telegram's number of the message that the customer sent. Null if they sent none. */
  readonly channel_message_id: string | null;
}

export type TestBlock = Readonly<Record<string, never>>;

export interface TestChannelCreated {
  /** The channel. */
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly bot: {
    readonly id: string;
    readonly username: string;
  };
  /** The key of the channel. It begins with `cf_test_`. Shown here and never again. */
  readonly key: {
    readonly id: string;
    readonly secret: string;
  };
}

export interface TestContact {
  /** Absent: a number that follows from the chat id. */
  readonly phone_number?: string | undefined;
}

export interface TestLocation {
  readonly latitude: number;
  readonly longitude: number;
}

export interface TestStart {
  readonly payload?: string | undefined;
}

export interface TestTap {
  /** The label of the button. Either this or `data`. */
  readonly button?: string | undefined;
  /** The data of the button, as the message has it. */
  readonly data?: unknown | undefined;
  /** The gateway's number of the message. */
  readonly message_id?: number | undefined;
}

export interface TestText {
  readonly text: string;
}

export type TestUnblock = Readonly<Record<string, never>>;

export interface Timeline {
  readonly data: readonly TimelineEntry[];
}

export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `request`: the request was valid and was stored; `attempt`: one request to Telegram; `event`: an entry of the event log; `tap` and `reply`: what the customer did with the message; `delivery`: one request to a webhook endpoint. */
  readonly kind: 'request' | 'attempt' | 'event' | 'tap' | 'reply' | 'delivery';
  /** What happened, in a sentence for people. */
  readonly text: string;
  /** Of an event, and of a delivery: the event that was sent. */
  readonly event_id: string | null;
  readonly event_type: 'message.accepted' | 'message.sent' | 'message.failed' | 'message.unknown' | 'message.resolved' | 'message.edited' | 'message.deleted' | 'message.recorded' | 'message.not_recorded' | 'message.received' | 'message.received_edited' | 'button.tapped' | 'contact.shared' | 'location.shared' | 'chat.started' | 'chat.blocked' | 'chat.unblocked' | 'chat.migrated' | 'reply.sent' | 'reply.failed' | 'reply.unknown' | 'channel.broken' | 'channel.recovered' | 'alarm.raised' | 'alarm.cleared' | null;
  /** Of a tap and a reply: the message of the customer. */
  readonly message_id: number | null;
  /** Of a delivery: the webhook endpoint. */
  readonly endpoint_id: string | null;
  /** Of an attempt and a delivery: whether it was accepted. Null while it runs, and for other kinds. */
  readonly succeeded: boolean | null;
}

export interface TwoFactorSecret {
  readonly secret: string;
  /** The content of the QR code that the app scans. */
  readonly uri: string;
}

export interface UpdateChannel {
  readonly name?: string | undefined;
  readonly bot_token?: string | undefined;
  /** How updates arrive. Absent: webhook if the gateway has a public address, else polling. */
  readonly updates?: 'polling' | 'webhook' | undefined;
  /** The Bot API server. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly api_root?: string | undefined;
  /** The server that files are downloaded from. A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`. */
  readonly file_root?: string | undefined;
  readonly interactive_enabled?: boolean | undefined;
  readonly options?: ChangeChannelOptions | undefined;
  readonly state?: 'active' | 'disabled' | undefined;
}

export interface UpdateKey {
  readonly name?: string | undefined;
  /** Null: the key does not expire. */
  readonly expires_at?: string | null | undefined;
  readonly limit?: KeyLimit | undefined;
  /** `send`: send messages; `read`: read messages and their states; `manage`: do in one workspace what the administrator may do. Only workspace keys can have `manage`. Default: `send` and `read`. */
  readonly scopes?: readonly ('send' | 'read' | 'manage')[] | undefined;
  /** The IP addresses and networks that the key may be used from. Empty: from anywhere. */
  readonly networks?: readonly string[] | undefined;
}

export interface UpdatePerson {
  readonly name?: string | undefined;
  /** `owner` may do everything; `admin` everything except to manage owners and other admins; `member` may read, and handle unknown messages and dead letters; `read-only` may read. */
  readonly role?: 'owner' | 'admin' | 'member' | 'read-only' | undefined;
  /** The workspaces that may be accessed. Null: all. An owner always has access to all. */
  readonly workspaces?: readonly string[] | null | undefined;
  readonly state?: 'active' | 'disabled' | undefined;
}

export interface UpdateWebhookEndpoint {
  /** Where the events go: an https address without a user name and without a fragment. An address in a private network, or without TLS, is accepted only if the operator lists its origin in `CHATFERRY_ALLOWED_PRIVATE_ORIGINS`. */
  readonly url?: string | undefined;
  /** The types of events to send. Null: all, also future ones. */
  readonly types?: readonly ('message.accepted' | 'message.sent' | 'message.failed' | 'message.unknown' | 'message.resolved' | 'message.edited' | 'message.deleted' | 'message.recorded' | 'message.not_recorded' | 'message.received' | 'message.received_edited' | 'button.tapped' | 'contact.shared' | 'location.shared' | 'chat.started' | 'chat.blocked' | 'chat.unblocked' | 'chat.migrated' | 'reply.sent' | 'reply.failed' | 'reply.unknown' | 'channel.broken' | 'channel.recovered' | 'alarm.raised' | 'alarm.cleared')[] | null | undefined;
  /** Only events of these channels. Null: all events of the workspace, also those that belong to no channel. */
  readonly channel_ids?: readonly string[] | null | undefined;
  /** Your own note. It is never sent. */
  readonly description?: string | undefined;
  /** False: nothing is sent until it is true again. What waits is kept, and so is the place in the event log. */
  readonly enabled?: boolean | undefined;
  /** True: what waits now is not sent, and neither is what the endpoint has missed. */
  readonly skip_missed?: boolean | undefined;
}

export interface UpdateWorkspace {
  readonly name?: string | undefined;
  readonly inbox?: InboxInput | undefined;
  /** Null removes it. */
  readonly default_sender?: string | null | undefined;
  readonly conversation_rules?: ChangeConversationRules | undefined;
  readonly state?: 'active' | 'disabled' | undefined;
}

export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
}

/** A place with a name and an address. */
export interface Venue {
  readonly latitude: number;
  readonly longitude: number;
  readonly title: string;
  readonly address: string;
}

/** One request to a webhook endpoint. */
export interface WebhookAttempt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly duration_ms: number;
  /** Whether the endpoint accepted the event: an answer 2xx. */
  readonly delivered: boolean;
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
  };
  /** Null if there was no whole answer. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** The first 4096 bytes, as text. */
    readonly body: string;
  } | null;
  /** Why it was not delivered. Null if it was. */
  readonly error: string | null;
}

/** One event for one webhook endpoint. */
export interface WebhookDelivery {
  /** The id of an event. Ids sort in the order in which events are read. */
  readonly event_id: string;
  readonly type: string;
  readonly channel_id: string | null;
  readonly chat_id: string | null;
  readonly message_id: number | null;
  /** `waiting`: it is tried again; `delivered`: accepted; `failed`: given up after the last attempt. A replay begins again. */
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** About when it is tried again, if it waits. */
  readonly next_attempt_at: string | null;
  /** Oldest first. At most the last 20. */
  readonly attempts: readonly WebhookAttempt[];
  /** The body of the request, as the event reads now. Null if the event is no longer stored. */
  readonly event: Event | null;
}

export interface WebhookDeliveryPage {
  readonly data: readonly WebhookDelivery[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** An address of your backend to which events are sent. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly workspace_id: string;
  readonly url: string;
  readonly description: string;
  /** The types of events that are sent. Null: all. */
  readonly types: readonly ('message.accepted' | 'message.sent' | 'message.failed' | 'message.unknown' | 'message.resolved' | 'message.edited' | 'message.deleted' | 'message.recorded' | 'message.not_recorded' | 'message.received' | 'message.received_edited' | 'button.tapped' | 'contact.shared' | 'location.shared' | 'chat.started' | 'chat.blocked' | 'chat.unblocked' | 'chat.migrated' | 'reply.sent' | 'reply.failed' | 'reply.unknown' | 'channel.broken' | 'channel.recovered' | 'alarm.raised' | 'alarm.cleared')[] | null;
  /** Only events of these channels. Null: all. */
  readonly channel_ids: readonly string[] | null;
  readonly enabled: boolean;
  /** `by_request`: someone disabled it; `gone`: it answered 410; `failing`: it accepted nothing for a week. Null while it is enabled. */
  readonly disabled_reason: 'by_request' | 'gone' | 'failing' | null;
  readonly disabled_at: string | null;
  /** When the attempts began to fail. Null after an accepted one. */
  readonly failing_since: string | null;
  /** Why the last failed attempt failed. */
  readonly last_failure: string | null;
  /** The events that are queued for it. At most about 1,000: later ones stay in the log until then. */
  readonly waiting: number;
  /** Until then requests also carry a signature of the secret before the last rotation. */
  readonly previous_secret_until: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

export interface WebhookEndpointCreated {
  readonly id: string;
  readonly workspace_id: string;
  readonly url: string;
  readonly description: string;
  /** The types of events that are sent. Null: all. */
  readonly types: readonly ('message.accepted' | 'message.sent' | 'message.failed' | 'message.unknown' | 'message.resolved' | 'message.edited' | 'message.deleted' | 'message.recorded' | 'message.not_recorded' | 'message.received' | 'message.received_edited' | 'button.tapped' | 'contact.shared' | 'location.shared' | 'chat.started' | 'chat.blocked' | 'chat.unblocked' | 'chat.migrated' | 'reply.sent' | 'reply.failed' | 'reply.unknown' | 'channel.broken' | 'channel.recovered' | 'alarm.raised' | 'alarm.cleared')[] | null;
  /** Only events of these channels. Null: all. */
  readonly channel_ids: readonly string[] | null;
  readonly enabled: boolean;
  /** `by_request`: someone disabled it; `gone`: it answered 410; `failing`: it accepted nothing for a week. Null while it is enabled. */
  readonly disabled_reason: 'by_request' | 'gone' | 'failing' | null;
  readonly disabled_at: string | null;
  /** When the attempts began to fail. Null after an accepted one. */
  readonly failing_since: string | null;
  /** Why the last failed attempt failed. */
  readonly last_failure: string | null;
  /** The events that are queued for it. At most about 1,000: later ones stay in the log until then. */
  readonly waiting: number;
  /** Until then requests also carry a signature of the secret before the last rotation. */
  readonly previous_secret_until: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** The signing secret, `whsec_…`. Shown here and never again. Standard Webhooks. */
  readonly secret: string;
}

export interface WebhookEndpointPage {
  readonly data: readonly WebhookEndpoint[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

export interface WebhookReplayStarted {
  /** How many events were queued. Null with `since`: they are read from the log one after another. */
  readonly queued: number | null;
  /** Ids of events that the log does not have, or not any more. */
  readonly not_found: readonly string[];
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly inbox: Inbox;
  readonly default_sender: string | null;
  readonly conversation_rules: ConversationRules;
  /** Where the inbox sends the replies of agents. Null while the gateway has no public address. Intercom: enter it in the app's webhook settings. HubSpot: the gateway sets it together with the channel. */
  readonly webhook_url: string | null;
  /** The webhook topics that you must subscribe to by hand, exactly these. Empty when the gateway subscribes itself. */
  readonly webhook_topics: readonly string[];
  readonly state: 'active' | 'disabled' | 'broken';
  /** Why the workspace is broken, and what to do. */
  readonly problem: string | null;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

export interface WorkspacePage {
  readonly data: readonly Workspace[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** The parts of every request and its answer. A part that a request does not have is `unknown`. */
export interface Operations {
  readonly sendTelegramInteractive: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: SendInteractive;
    readonly result: Sent;
  };
  readonly validateTelegramInteractive: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: SendInteractive;
    readonly result: Validation;
  };
  readonly sendMessage: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: SendMessage;
    readonly result: Message;
  };
  readonly validateMessage: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: SendMessage;
    readonly result: Validation;
  };
  readonly uploadFile: {
    readonly params: unknown;
    readonly query: { readonly file_name?: string | undefined };
    readonly body: unknown;
    readonly result: File;
  };
  readonly getMessage: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Message;
  };
  readonly listMessages: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined; readonly chat_id?: string | undefined; readonly state?: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received' | undefined; readonly direction?: 'outbound' | 'inbound' | undefined; readonly kind?: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other' | undefined; readonly since?: string | undefined; readonly until?: string | undefined; readonly request_id?: string | undefined; readonly channel_message_id?: string | undefined; readonly conversation_id?: string | undefined; readonly metadata?: string | undefined };
    readonly body: unknown;
    readonly result: MessagePage;
  };
  readonly editMessage: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: EditMessage;
    readonly result: Message;
  };
  readonly deleteMessage: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Message;
  };
  readonly resolveMessage: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: ResolveMessage;
    readonly result: Message;
  };
  readonly resendMessage: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: ResendMessage;
    readonly result: Message;
  };
  readonly getMessageTimeline: {
    readonly params: { readonly message_id: number };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Timeline;
  };
  readonly listChats: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined };
    readonly body: unknown;
    readonly result: ChatPage;
  };
  readonly getChat: {
    readonly params: { readonly chat_id: string };
    readonly query: { readonly channel_id?: string | undefined };
    readonly body: unknown;
    readonly result: Chat;
  };
  readonly listChatMessages: {
    readonly params: { readonly chat_id: string };
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly channel_id?: string | undefined; readonly state?: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received' | undefined; readonly direction?: 'outbound' | 'inbound' | undefined; readonly kind?: 'text' | 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document' | 'sticker' | 'album' | 'location' | 'venue' | 'contact' | 'poll' | 'video_note' | 'tap' | 'started' | 'blocked' | 'unblocked' | 'other' | undefined; readonly since?: string | undefined; readonly until?: string | undefined; readonly request_id?: string | undefined; readonly channel_message_id?: string | undefined; readonly conversation_id?: string | undefined; readonly metadata?: string | undefined };
    readonly body: unknown;
    readonly result: MessagePage;
  };
  readonly createWorkspace: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateWorkspace;
    readonly result: Workspace;
  };
  readonly listWorkspaces: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined };
    readonly body: unknown;
    readonly result: WorkspacePage;
  };
  readonly getWorkspace: {
    readonly params: { readonly workspace_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Workspace;
  };
  readonly updateWorkspace: {
    readonly params: { readonly workspace_id: string };
    readonly query: unknown;
    readonly body: UpdateWorkspace;
    readonly result: Workspace;
  };
  readonly listInboxes: {
    readonly params: { readonly workspace_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: PortalInboxes;
  };
  readonly deleteWorkspace: {
    readonly params: { readonly workspace_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly createConnection: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateConnection;
    readonly result: Connection;
  };
  readonly getConnection: {
    readonly params: { readonly connection_id: string };
    readonly query: { readonly wait_seconds?: number | undefined };
    readonly body: unknown;
    readonly result: Connection;
  };
  readonly createChannel: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateChannel;
    readonly result: ChannelCreated;
  };
  readonly listChannels: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined };
    readonly body: unknown;
    readonly result: ChannelPage;
  };
  readonly getChannel: {
    readonly params: { readonly channel_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Channel;
  };
  readonly updateChannel: {
    readonly params: { readonly channel_id: string };
    readonly query: unknown;
    readonly body: UpdateChannel;
    readonly result: Channel;
  };
  readonly deleteChannel: {
    readonly params: { readonly channel_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly checkChannel: {
    readonly params: { readonly channel_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: ChannelCheck;
  };
  readonly repairChannel: {
    readonly params: { readonly channel_id: string };
    readonly query: unknown;
    readonly body: RepairChannel;
    readonly result: ChannelCheck;
  };
  readonly createKey: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateKey;
    readonly result: KeyCreated;
  };
  readonly listKeys: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined; readonly channel_id?: string | undefined; readonly state?: 'live' | 'retired' | 'revoked' | 'expired' | undefined };
    readonly body: unknown;
    readonly result: KeyPage;
  };
  readonly getKey: {
    readonly params: { readonly key_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Key;
  };
  readonly updateKey: {
    readonly params: { readonly key_id: string };
    readonly query: unknown;
    readonly body: UpdateKey;
    readonly result: Key;
  };
  readonly rotateKey: {
    readonly params: { readonly key_id: string };
    readonly query: unknown;
    readonly body: RotateKey;
    readonly result: KeyRotated;
  };
  readonly revokeKey: {
    readonly params: { readonly key_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Key;
  };
  readonly deleteKey: {
    readonly params: { readonly key_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly createTestChannel: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateTestChannel;
    readonly result: TestChannelCreated;
  };
  readonly testTap: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: TestTap;
    readonly result: TestAction;
  };
  readonly testText: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: TestText;
    readonly result: TestAction;
  };
  readonly testStart: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: TestStart;
    readonly result: TestAction;
  };
  readonly testBlock: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: TestAction;
  };
  readonly testUnblock: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: TestAction;
  };
  readonly testContact: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: TestContact;
    readonly result: TestAction;
  };
  readonly testLocation: {
    readonly params: { readonly chat_id: string };
    readonly query: unknown;
    readonly body: TestLocation;
    readonly result: TestAction;
  };
  readonly listDeadLetters: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'waiting' | 'replayed' | 'discarded' | 'any' | undefined; readonly workspace_id?: string | undefined; readonly kind?: 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled' | undefined };
    readonly body: unknown;
    readonly result: DeadLetterPage;
  };
  readonly getDeadLetter: {
    readonly params: { readonly dead_letter_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: DeadLetterDetail;
  };
  readonly replayDeadLetters: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: ReplayDeadLetters;
    readonly result: DeadLettersReplayed;
  };
  readonly replayDeadLetter: {
    readonly params: { readonly dead_letter_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: DeadLetter;
  };
  readonly discardDeadLetter: {
    readonly params: { readonly dead_letter_id: string };
    readonly query: unknown;
    readonly body: DiscardDeadLetter;
    readonly result: DeadLetter;
  };
  readonly listEvents: {
    readonly params: unknown;
    readonly query: { readonly after?: string | undefined; readonly types?: string | undefined; readonly limit?: number | undefined };
    readonly body: unknown;
    readonly result: EventPage;
  };
  readonly listAlarms: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'raised' | 'cleared' | 'any' | undefined; readonly workspace_id?: string | undefined };
    readonly body: unknown;
    readonly result: AlarmPage;
  };
  readonly createWebhookEndpoint: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateWebhookEndpoint;
    readonly result: WebhookEndpointCreated;
  };
  readonly listWebhookEndpoints: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined };
    readonly body: unknown;
    readonly result: WebhookEndpointPage;
  };
  readonly getWebhookEndpoint: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: WebhookEndpoint;
  };
  readonly updateWebhookEndpoint: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: UpdateWebhookEndpoint;
    readonly result: WebhookEndpoint;
  };
  readonly deleteWebhookEndpoint: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly rotateWebhookSecret: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: RotateWebhookSecret;
    readonly result: WebhookEndpointCreated;
  };
  readonly listWebhookDeliveries: {
    readonly params: { readonly endpoint_id: string };
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly state?: 'waiting' | 'delivered' | 'failed' | undefined; readonly event_id?: string | undefined };
    readonly body: unknown;
    readonly result: WebhookDeliveryPage;
  };
  readonly replayWebhookEvents: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: ReplayWebhookEvents;
    readonly result: WebhookReplayStarted;
  };
  readonly testWebhookEndpoint: {
    readonly params: { readonly endpoint_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: WebhookAttempt;
  };
  readonly listAudit: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly workspace_id?: string | undefined; readonly object?: string | undefined };
    readonly body: unknown;
    readonly result: AuditPage;
  };
  readonly verifyAudit: {
    readonly params: unknown;
    readonly query: { readonly head?: string | undefined; readonly entries?: number | undefined };
    readonly body: unknown;
    readonly result: AuditVerification;
  };
  readonly claim: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: Claim;
    readonly result: Person;
  };
  readonly signIn: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: SignIn;
    readonly result: Person;
  };
  readonly listSessions: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly result: SessionList;
  };
  readonly endSession: {
    readonly params: { readonly session_id: string | 'current' };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly getMe: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Me;
  };
  readonly changePassword: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: ChangePassword;
    readonly result: undefined;
  };
  readonly startTwoFactor: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: StartTwoFactor;
    readonly result: TwoFactorSecret;
  };
  readonly confirmTwoFactor: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: ConfirmTwoFactor;
    readonly result: undefined;
  };
  readonly stopTwoFactor: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: StopTwoFactor;
    readonly result: undefined;
  };
  readonly invitePerson: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: InvitePerson;
    readonly result: PersonInvited;
  };
  readonly inviteAgain: {
    readonly params: { readonly person_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: PersonInvitedAgain;
  };
  readonly listPeople: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined };
    readonly body: unknown;
    readonly result: PersonPage;
  };
  readonly updatePerson: {
    readonly params: { readonly person_id: string };
    readonly query: unknown;
    readonly body: UpdatePerson;
    readonly result: Person;
  };
  readonly deletePerson: {
    readonly params: { readonly person_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: undefined;
  };
  readonly createAdminToken: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: CreateAdminToken;
    readonly result: AdminTokenCreated;
  };
  readonly listAdminTokens: {
    readonly params: unknown;
    readonly query: { readonly cursor?: string | undefined; readonly limit?: number | undefined };
    readonly body: unknown;
    readonly result: AdminTokenPage;
  };
  readonly revokeAdminToken: {
    readonly params: { readonly token_id: string };
    readonly query: unknown;
    readonly body: unknown;
    readonly result: AdminToken;
  };
  readonly exportCustomer: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: ExportCustomer;
    readonly result: CustomerExport;
  };
  readonly eraseCustomer: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: EraseCustomer;
    readonly result: CustomerErased;
  };
  readonly getHealth: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Health;
  };
  readonly getReadiness: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly result: Health;
  };
}
