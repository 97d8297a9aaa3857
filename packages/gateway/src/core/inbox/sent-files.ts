import type { OutboundContent, SharedFile } from '../message/content.ts';
import { nameApart } from './name-apart.ts';

/**
 * The files of a message of the API, in order, by the ids under which the store or the channel has them. Each of several has a
 * name of its own.
 */
export function sentFilesOf({ files = [] }: Pick<OutboundContent, 'files'>): readonly SharedFile[] {
  return nameApart(
    files.flatMap(({ media, name, mediaType, sizeBytes, storedId, channelFileId }) => {
      const fileId = storedId ?? channelFileId;
      return fileId === undefined
        ? []
        : [{ media, fileId, fileUniqueId: null, name, mediaType, sizeBytes, caption: null }];
    }),
  );
}
