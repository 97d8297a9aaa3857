/**
 * Intercom: the version that everything here is written for. `skip_unsnooze`, which keeps a reply from waking a snoozed
 * conversation, is in the preview version of the API alone, which may change at any time: it is not sent. Look for it when
 * this version changes: https://github.com/intercom/Intercom-OpenAPI, `admin_reply_conversation_request`.
 */
export const apiVersion = '2.16';
