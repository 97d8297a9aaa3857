import type { FileBudget } from '../../core/memory/file-budget.ts';
import type { AttachmentOutcome, FetchAttachment } from '../../ports/attachment.ts';

/** What came of fetching a file of a reply. */
export interface HeldFile {
  readonly outcome: AttachmentOutcome;
  /** To be called when the file is not needed any more. May be repeated. */
  release(): void;
}

/** Telegram: bots upload files of up to 50 MB to the cloud. */
const fileMaxBytes = 50 * 1024 * 1024;

/** Fetches a file of a reply once. Room in memory is taken when the file server says how large it is, not while it is silent. */
export async function fetchReplyFile(
  fetchAttachment: FetchAttachment,
  { budget, owner }: { readonly budget: Pick<FileBudget, 'tryTake'>; readonly owner: string },
  { url, limitMs }: { readonly url: string; readonly limitMs: number },
): Promise<HeldFile> {
  let release = (): void => undefined;
  const admit = (bytes: number): boolean => {
    const taken = budget.tryTake(owner, bytes);
    if (taken !== null) release = taken;
    return taken !== null;
  };
  const outcome = await fetchAttachment(url, { maxBytes: fileMaxBytes, limitMs, admit });
  if (outcome.kind !== 'ok') release();
  return { outcome, release: () => release() };
}
