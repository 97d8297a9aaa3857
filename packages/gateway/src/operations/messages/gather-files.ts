import type { MediaItem, Problem, SendMessage } from '@chatferry/contract';
import { fileNameOf } from '../../core/message/file-name.ts';
import { imageSizeOf } from '../../core/message/image-size.ts';
import type { OutgoingFile } from '../../core/message/outgoing.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import { CutShortError, type OpenFile } from '../../ports/open-file.ts';
import type { StoredFile } from '../../store/files.ts';
import { ApiError } from '../api-error.ts';
import { type FileStore, fileBytesMax, storeContent, TooLargeError } from '../files/store-content.ts';
import { newId } from '../new-id.ts';

export interface GatherDeps {
  readonly store: FileStore;
  readonly openFile: OpenFile;
  readonly clock: Clock;
  readonly random: Random;
}

/** How long all files of a message may take to fetch. A caller waits for no longer. */
const fetchLimitMs = 20_000;
const megabytesMax = fileBytesMax / 1024 / 1024;
/** Telegram: https://core.telegram.org/bots/api#sendphoto. */
const photo = { bytesMax: 10 * 1024 * 1024, sidesMax: 10_000, ratioMax: 20 } as const;

/** A problem of one file, with the place in the body. */
class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly problem: Problem;
  /** Whether the same request can succeed later. */
  readonly isPassing: boolean;

  constructor(problem: Problem, isPassing = false) {
    super(problem.message);
    this.problem = problem;
    this.isPassing = isPassing;
  }
}

interface Owner {
  readonly workspaceId: string;
  readonly channelId: string;
}

/**
 * The files of a message: those with an address are fetched now, before anything is stored or sent, and kept for a later try.
 * Throws TYPE_MISMATCH with every file that is not there or that Telegram would refuse; UNAVAILABLE if trying again may help.
 */
export async function gatherFiles(
  deps: GatherDeps,
  owner: Owner,
  { media }: Pick<SendMessage, 'media'>,
): Promise<readonly OutgoingFile[]> {
  if (media === undefined) return [];
  const isAlbum = Array.isArray(media);
  const items = isAlbum ? media : [media];
  const gathered = await Promise.all(
    items.map((item, index) =>
      gatherFile(deps, owner, item, isAlbum ? `media/${index}` : 'media').catch((cause: unknown) => {
        if (cause instanceof FileProblem) return cause;
        throw cause;
      }),
    ),
  );
  const problems = gathered.filter((one) => one instanceof FileProblem);
  const files = gathered.flatMap((one) => (one instanceof FileProblem ? [] : [one]));
  const total = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  if (problems.length === 0 && total > fileBytesMax)
    problems.push(new FileProblem(problemAt('media', `must have at most ${megabytesMax} MB in total.`)));
  const [first] = problems;
  if (first === undefined) return files;
  const details = problems.map(({ problem }) => problem);
  throw problems.every(({ isPassing }) => isPassing)
    ? new ApiError('UNAVAILABLE', { message: first.message, details, retryAfterMs: 5_000 })
    : new ApiError('TYPE_MISMATCH', { message: first.message, details });
}

const problemAt = (place: string, rule: string): Problem => ({
  pointer: `/${place}`,
  message: `${place.replaceAll('/', '.')} ${rule}`,
});

async function gatherFile(deps: GatherDeps, owner: Owner, item: MediaItem, place: string): Promise<OutgoingFile> {
  const { kind: media, file_id: fileId, file, url, file_name: name = null } = item;
  if (fileId !== undefined)
    return { media, source: { kind: 'channel', fileId }, name, mediaType: null, sizeBytes: null };
  const stored =
    file === undefined ? await fetchFile(deps, owner, item, place) : await findFile(deps, owner, file, place);
  const head =
    stored.head ?? (await deps.store.files.readChunk(owner.workspaceId, stored.file.id, 0)) ?? Buffer.alloc(0);
  const rule = refusalOf(media, stored.file.sizeBytes, head);
  if (rule !== null) throw new FileProblem(problemAt(`${place}/${url === undefined ? 'file' : 'url'}`, rule));
  const { mediaType, sizeBytes, id } = stored.file;
  return {
    media,
    source: { kind: 'stored', storedId: id },
    name: fileNameOf({ name: name ?? stored.file.name, media }, mediaType ?? 'application/octet-stream'),
    mediaType,
    sizeBytes,
    ...(stored.digest === null ? {} : { digest: stored.digest }),
  };
}

/** Why Telegram would refuse the content as this kind. Null if it takes it, as far as its first bytes tell. */
function refusalOf(media: OutgoingFile['media'], sizeBytes: number, head: Buffer): string | null {
  if (sizeBytes === 0) return 'must not be an empty file.';
  if (media !== 'photo') return null;
  if (sizeBytes > photo.bytesMax) return 'must have at most 10 MB as a photo; send it as a document.';
  const size = imageSizeOf(head);
  if (size === null) return 'must be a JPEG, PNG or WebP image to be sent as a photo; send it as a document.';
  const { width, height } = size;
  const isTooLong = Math.max(width, height) > photo.ratioMax * Math.min(width, height);
  return width + height > photo.sidesMax || isTooLong
    ? `must have sides of together at most ${photo.sidesMax} pixels, one at most ${photo.ratioMax} times the other, as a photo; send it as a document.`
    : null;
}

interface Found {
  readonly file: StoredFile;
  readonly head: Buffer | null;
  readonly digest: string | null;
}

async function findFile({ store }: GatherDeps, owner: Owner, id: string, place: string): Promise<Found> {
  const file = await store.files.read(owner.workspaceId, id);
  if (file === null || (file.channelId !== null && file.channelId !== owner.channelId))
    throw new FileProblem(
      problemAt(`${place}/file`, `must be the id of a file that was uploaded in the last 24 hours; ${id} is not.`),
    );
  return { file, head: null, digest: null };
}

async function fetchFile(deps: GatherDeps, owner: Owner, { url = '' }: MediaItem, place: string): Promise<Found> {
  const at = `${place}/url`;
  const opened = await deps.openFile(url, fetchLimitMs);
  if (opened.kind !== 'ok') throw new FileProblem(problemAt(at, `${opened.detail}.`), opened.kind === 'unavailable');
  const { name, mediaType, content } = opened.file;
  const id = newId('file', deps.clock, deps.random);
  try {
    return await storeContent(deps.store, { ...owner, id, name, mediaType }, content);
  } catch (cause) {
    if (cause instanceof TooLargeError)
      throw new FileProblem(problemAt(at, `must lead to a file of at most ${megabytesMax} MB.`));
    if (cause instanceof CutShortError) throw cutShort(at);
    throw cause;
  }
}

const cutShort = (at: string): FileProblem => new FileProblem(problemAt(at, 'was cut short by its server.'), true);
