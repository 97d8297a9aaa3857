import type { Violation } from './violation.ts';

/** A difference from a description that is right, because the description is wrong or says too little. */
export interface Exception {
  readonly provider: Violation['provider'];
  readonly part: readonly Violation['part'][];
  /** The operations, methods or topics. */
  readonly operation: RegExp;
  /** The field. */
  readonly at: RegExp;
  readonly rule: RegExp;
  /** Why the difference is right. */
  readonly why: string;
  /** Where that is written. */
  readonly source: string;
}

const anyOperation = /./;

/** Fields of Intercom's answers that its schemas leave out. */
const intercomUnnamedFields = [
  '(tags|notes|companies|social_profiles)/type',
  'utm_\\w+',
  'referrer',
  'opted_(in|out)_subscription_types',
  'country_code',
  'continent_code',
  'topics',
  'ticket',
  'owner',
];

export const exceptions: readonly Exception[] = [
  {
    provider: 'intercom',
    part: ['answer', 'webhook'],
    operation: anyOperation,
    at: new RegExp(`/(${intercomUnnamedFields.join('|')})$`),
    rule: /is not in the description/,
    why: 'Intercom sends these fields, although its schemas do not name them',
    source: 'the examples of answers in the same description',
  },
  {
    provider: 'intercom',
    part: ['answer', 'webhook'],
    operation: anyOperation,
    at: /\/conversation_parts\/\d+\/translations$/,
    rule: /is not in the description/,
    why: 'conversation parts have their translations from 2.16 on, although the schema does not name them',
    source: 'https://developers.intercom.com/docs/references/2.16/changelog',
  },
  {
    provider: 'intercom',
    part: ['request'],
    operation: /^POST \/messages$/,
    at: /^\/message_type$/,
    rule: /^"inapp" must be one of/,
    why: 'it is the second try, after a refusal of `in_app`: this spelling is the one of the provider’s own clients',
    source: 'https://github.com/intercom/intercom-node',
  },
  {
    provider: 'intercom',
    part: ['answer', 'webhook'],
    operation: anyOperation,
    at: /\/(tags|notes|companies)\/url$/,
    rule: /must match format "uri"/,
    why: 'the addresses of the lists of a contact are paths',
    source: 'the examples of answers in the same description',
  },
  {
    provider: 'intercom',
    part: ['answer', 'webhook'],
    operation: anyOperation,
    at: /\/(admin|team)_assignee_id$/,
    rule: /^null must be integer/,
    why: 'a conversation that is not assigned has null here',
    source: 'the examples of answers in the same description',
  },
  {
    provider: 'intercom',
    part: ['request'],
    operation: /^POST \/(conversations|contacts)\/search$/,
    at: /^\/sort/,
    rule: /is not in the description/,
    why: 'searches can be sorted',
    source: 'https://developers.intercom.com/intercom-api-reference/reference/pagination-search',
  },
  {
    provider: 'hubspot',
    part: ['request', 'answer'],
    operation: /custom-channels/,
    at: /\/capabilities\/\w+$/,
    rule: /must be object/,
    why: 'the description calls every capability an object; they are texts, lists, numbers and flags',
    source: 'https://developers.hubspot.com/docs/api-reference/2026-03/conversations/custom-channels/guide',
  },
  {
    provider: 'hubspot',
    part: ['request'],
    operation: /^PATCH .*custom-channels\/[^/]+\/\{channelId\}$/,
    at: /^\/\w+$/,
    rule: /is required and absent|must be object/,
    why: 'the description requires every field of a channel, as objects; HubSpot takes those that change, as they are',
    source: 'a bridge by a HubSpot employee: github.com/chanyeongyuan/telegram-hubspot-integration',
  },
  {
    provider: 'hubspot',
    part: ['request'],
    operation: /custom-channels/,
    at: /^\/appId$/,
    rule: /is not in the description/,
    why: 'the developer API key is sent with the id of the app',
    source: 'https://developers.hubspot.com/docs/api-reference/2026-03/conversations/custom-channels/guide',
  },
  {
    provider: 'hubspot',
    part: ['answer'],
    operation: /^POST \/oauth\//,
    at: /^\/category$/,
    rule: /is required and absent/,
    why: 'the token endpoint refuses with a code in `status` and has no category',
    source: 'https://www.nango.dev/blog/hubspot-oauth-bad-refresh-token',
  },
  {
    provider: 'hubspot',
    part: ['answer'],
    operation: anyOperation,
    at: /^\/(status|errorType|policyName)$/,
    rule: /is not in the description/,
    why: 'refusals have these fields too',
    source: 'https://developers.hubspot.com/docs/api-reference/error-handling',
  },
  {
    provider: 'telegram',
    part: ['request'],
    operation: /^(sendMediaGroup|editMessageMedia)$/,
    at: /^\/file\d$/,
    rule: /is not in the description/,
    why: 'the fields of a form that `attach://` names in `media`',
    source: 'https://core.telegram.org/bots/api#inputmediaphoto',
  },
  {
    provider: 'telegram',
    part: ['answer'],
    operation: /^editMessageCaption$/,
    at: /^\/result\/(photo|video|animation|audio|document|voice|media_group_id)\b/,
    rule: /is not in the description/,
    why: 'the answer is the whole message, with the file whose caption it is',
    source: 'https://core.telegram.org/bots/api#editmessagecaption',
  },
  {
    provider: 'telegram',
    part: ['answer'],
    operation: /^sendMediaGroup$/,
    at: /^\/result\/\d\/media_group_id$/,
    rule: /is not in the description/,
    why: 'audio files of an album have it too',
    source: 'https://core.telegram.org/bots/api#message',
  },
];

export const exceptionFor = (violation: Violation): Exception | undefined =>
  exceptions.find(
    ({ provider, part, operation, at, rule }) =>
      provider === violation.provider &&
      part.includes(violation.part) &&
      operation.test(violation.operation) &&
      at.test(violation.at) &&
      rule.test(violation.rule),
  );
