import type { MessageKind } from '@chatferry/contract';
import type { InboundContent, OutboundContent } from './content.ts';
import type { InboundEvent } from './inbound.ts';

/** What a message is, as the API names it. */
export function kindOfMessage(content: OutboundContent | InboundEvent): MessageKind {
  if ('author' in content) return kindOfInbound(content.content);
  const { file, files = [], shared } = content;
  if (shared !== undefined) return shared.kind;
  const [first] = files;
  if (first !== undefined) return files.length > 1 ? 'album' : first.media;
  return file === undefined ? 'text' : 'document';
}

function kindOfInbound(content: InboundContent): MessageKind {
  switch (content.kind) {
    case 'text':
    case 'suggested-reply':
    case 'caption':
      return 'text';
    case 'file':
      return content.media === 'video-note' ? 'video_note' : content.media;
    case 'location':
      return content.name === undefined ? 'location' : 'venue';
    case 'removed':
      return 'blocked';
    case 'added':
      return 'unblocked';
    case 'composed':
    case 'described':
    case 'unsupported':
      return 'other';
    default:
      return content.kind;
  }
}
