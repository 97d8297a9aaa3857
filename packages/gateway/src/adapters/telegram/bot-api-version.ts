/**
 * The version of Telegram's Bot API whose updates, messages and buttons the gateway knows. Raise it with the package
 * `@grammyjs/types`, once the checks have no undecided kind left. https://core.telegram.org/bots/api-changelog
 */
export const botApiVersion = '10.3';
