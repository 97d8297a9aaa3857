import type { Fields } from '../inbox-server/fields.ts';
import { choice, list, number, object, objects, optionalText, text } from './fields.ts';
import type { Channel, Portal } from './portal.ts';
import { invalid } from './refusal.ts';

const attachmentTypes = [
  'FILE',
  'LOCATION',
  'CONTACT',
  'QUICK_REPLIES',
  'MESSAGE_HEADER',
  'UNSUPPORTED_CONTENT',
  'SOCIAL_MEDIA_METADATA',
] as const;

/** Checks the documented fields of attachments. A file must have been uploaded before. */
export function checkAttachments(portal: Portal, channel: Channel, given: readonly Fields[]): readonly Fields[] {
  for (const attachment of given) checkAttachment(portal, attachment);
  const maximum = channel.capabilities['maxFileAttachmentCount'];
  const files = given.filter((attachment) => attachment['type'] === 'FILE').length;
  if (typeof maximum === 'number' && files > maximum) {
    throw invalid(`A message on this channel may have ${maximum} files at most, it has ${files}`);
  }
  return given;
}

function checkAttachment(portal: Portal, attachment: Fields): void {
  const type = choice(attachment, 'type', attachmentTypes);
  if (type === 'FILE') {
    const fileId = text(attachment, 'fileId');
    if (attachment['fileUsageType'] !== undefined) {
      choice(attachment, 'fileUsageType', ['AUDIO', 'IMAGE', 'OTHER', 'STICKER', 'VOICE_RECORDING'] as const);
    }
    if (!portal.files.has(fileId)) throw invalid(`There is no file ${fileId}`);
  }
  if (type === 'LOCATION') {
    number(attachment, 'latitude');
    number(attachment, 'longitude');
  }
  if (type === 'CONTACT') {
    const profile = object(attachment, 'contactProfile');
    for (const name of ['addresses', 'emails', 'phones', 'urls']) list(profile, name);
  }
  if (type === 'QUICK_REPLIES') {
    for (const reply of objects(attachment, 'quickReplies')) {
      text(reply, 'value');
      choice(reply, 'valueType', ['TEXT', 'URL'] as const);
      optionalText(reply, 'label');
    }
  }
}
