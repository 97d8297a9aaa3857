import type { Fields } from '../inbox-server/fields.ts';
import { invalid } from './refusal.ts';

const identifierTypes = ['CHANNEL_SPECIFIC_OPAQUE_ID', 'HS_EMAIL_ADDRESS', 'HS_PHONE_NUMBER', 'HS_SHORT_CODE'];
const listOf = (known: readonly string[]) => (value: unknown) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && known.includes(item));
const isFlag = (value: unknown) => typeof value === 'boolean';
const isSize = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** The capabilities whose values are documented. Other keys can have any value. */
const capabilityChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  deliveryIdentifierTypes: (value) => listOf(identifierTypes)(value) && Array.isArray(value) && value.length > 0,
  threadingModel: (value) => value === 'INTEGRATION_THREAD_ID' || value === 'DELIVERY_IDENTIFIER',
  richText: listOf(['HYPERLINK', 'TEXT_ALIGNMENT', 'BLOCKQUOTE', 'BOLD', 'ITALIC', 'LISTS']),
  outgoingAttachmentTypes: listOf(['FILE', 'QUICK_REPLIES']),
  allowedFileAttachmentMimeTypes: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  allowInlineImages: isFlag,
  allowOutgoingMessages: isFlag,
  allowConversationStart: isFlag,
  allowMultipleRecipients: isFlag,
  maxFileAttachmentCount: isSize,
  maxFileAttachmentSizeBytes: isSize,
  maxTotalFileAttachmentSizeBytes: isSize,
};

/**
 * HubSpot: for wrong values the answer is 400 `CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES`; the context
 * lists them.
 */
export function checkCapabilities(capabilities: Fields): Fields {
  const wrong = Object.entries(capabilityChecks).filter(
    ([name, accept]) => name in capabilities && !accept(capabilities[name]),
  );
  const absent = ['deliveryIdentifierTypes', 'threadingModel'].filter((name) => !(name in capabilities));
  if (wrong.length > 0 || absent.length > 0) {
    throw invalid('Invalid channel capability values were provided', {
      subCategory: 'CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES',
      context: {
        capabilityKeysAndValues: [
          ...wrong.map(([name]) => `${name}: ${JSON.stringify(capabilities[name])}`),
          ...absent.map((name) => `${name}: missing`),
        ],
      },
    });
  }
  return capabilities;
}
