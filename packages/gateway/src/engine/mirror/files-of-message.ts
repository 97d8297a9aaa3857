import { firstVersion } from '../../core/inbox/entry.ts';
import { type FileFailure, filesOf } from '../../core/inbox/files.ts';
import { sizeText } from '../../core/inbox/media-names.ts';
import { sentFilesOf } from '../../core/inbox/sent-files.ts';
import type { OutboundContent, SharedFile } from '../../core/message/content.ts';
import { type DownloadLimits, type FetchAttachment, storedAddress } from '../../ports/attachment.ts';
import type { DownloadOutcome } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import { isInbound } from './build-entry.ts';
import type { FailedDownload, FileSource } from './fetch-files.ts';
import type { MirrorTarget } from './mirror-target.ts';

export interface FilesDeps {
  readonly channelKind: Pick<ChannelKind, 'displayName'>;
  readonly reportOversizedFile: (channel: ChannelRecord, message: MirrorMessage, maxBytes: number) => Promise<void>;
  /** Fetches what the store has of a workspace, by `storedAddress`. */
  readonly fetchStored: (workspaceId: string) => FetchAttachment;
}

/** The files of a message that go into the inbox: those that a customer sent, and those that a caller sent. */
export const filesOfMessage = ({ content }: MirrorMessage): readonly SharedFile[] =>
  isInbound(content) ? filesOf(content.content) : sentFilesOf(firstVersion(content));

/** The new files of one edit of a message, by its number from 1. None for any other change. */
export const filesOfChange = ({ content }: MirrorMessage, change: string): readonly SharedFile[] =>
  isInbound(content) ? [] : sentFilesOf({ files: content.edits?.[Number(change) - 1]?.files });

/** Where the files of a message come from. */
export function sourceOf(deps: FilesDeps, { message, open }: MirrorTarget): FileSource {
  const { content, key } = message;
  if (isInbound(content))
    return {
      channel: open.channel,
      failureOf: (outcome) => failureOfCustomers(outcome, deps.channelKind.displayName),
      reportOversizedFile: (maxBytes) => deps.reportOversizedFile(open.record, message, maxBytes),
    };
  const fetchStored = deps.fetchStored(key.workspaceId);
  const storedIds = storedIdsOf(content);
  return {
    channel: {
      download: (fileId, limits) =>
        storedIds.has(fileId) ? downloadStored(fetchStored, fileId, limits) : open.channel.download(fileId, limits),
    },
    failureOf: failureOfSent,
    reportOversizedFile: async () => {
      // No customer is to be told of it: the agent reads it.
    },
  };
}

/** Of all versions of the message. */
const storedIdsOf = ({ files = [], edits = [] }: OutboundContent): ReadonlySet<string> =>
  new Set(
    [...files, ...edits.flatMap((edit) => [...(edit.files ?? []), ...(edit.before.files ?? [])])].flatMap(
      ({ storedId }) => (storedId === null ? [] : [storedId]),
    ),
  );

async function downloadStored(
  fetchStored: FetchAttachment,
  storedId: string,
  limits: DownloadLimits,
): Promise<DownloadOutcome> {
  const outcome = await fetchStored(storedAddress(storedId), limits);
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'ok', value: { content: outcome.content } };
    case 'too-large':
      return outcome;
    case 'refused':
      return { kind: 'refused', broken: false, providerCode: 0, detail: outcome.detail };
    case 'unavailable':
      return { kind: 'unavailable', retryAfterMs: null, detail: outcome.detail };
  }
}

const failureOfCustomers = (outcome: FailedDownload, from: string): FileFailure =>
  outcome.kind === 'too-large' ? outcome : { kind: 'not-fetched', from, detail: outcome.detail };

const failureOfSent = (outcome: FailedDownload): FileFailure => ({
  kind: 'not-shown',
  detail:
    outcome.kind === 'too-large'
      ? `it is larger than ${sizeText(outcome.maxBytes)}, the most that can be fetched again`
      : outcome.detail,
});
