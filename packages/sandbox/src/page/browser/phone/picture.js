import { loadedImage } from './loaded-image.js';

/** @import { FileInfo, Message, Transcript } from './transcript.js' */

/**
 * The image of a message, or its card if the message has no image or the image cannot be loaded.
 *
 * @param {Message} message
 * @param {Transcript} transcript
 * @param {HTMLElement} card
 */
export function pictureOrCard(message, transcript, card) {
  const image = imageFile(message);
  const label = message.sticker ? `Sticker ${message.sticker.emoji ?? ''}`.trim() : 'Photo';
  if (image?.file_id === undefined || transcript.bot_id === undefined) return card;
  const src = new URL(
    `control/telegram/bots/${transcript.bot_id}/files/${encodeURIComponent(image.file_id)}`,
    document.baseURI,
  ).href;
  return loadedImage(src, label, message.sticker ? 'picture sticker' : 'picture', card);
}

/** @param {Message} message @returns {FileInfo | undefined} */
function imageFile({ photo, sticker }) {
  if (photo) return photo.at(-1);
  return sticker && !sticker.is_animated && !sticker.is_video ? sticker : undefined;
}
