import type { At } from '@chatferry/sandbox';
import type { Rig } from '@chatferry/testkit/rigs/rig';
import type { Desk } from './desk.ts';
import { eventually } from './eventually.ts';

/** More customers than any number of jobs that the gateway works on at once. */
export const crowdSize = 200;

/** A busy machine takes long for a whole crowd. */
const setUpMs = 60_000;

/** Many customers of one bot at once. */
export interface Crowd {
  readonly at: readonly At[];
  /** The words of one of them; each customer has other words. */
  wordsOf(at: At): string;
  /** All write their words, and the gateway has stored it. */
  write(): Promise<void>;
  /** All send a photo with their words below it, and the gateway has stored it. */
  sendPhotos(): Promise<void>;
  /** Resolves once the inbox shows the words of each customer once. */
  areShownOnce(): Promise<void>;
}

/** The limits of the simulated inbox are not what the tests about crowds are about. */
export function liftRateLimit({ sandbox }: Rig, { kind, accountId }: Desk): void {
  if (kind === 'intercom') sandbox.intercom.setOptions(accountId, { rateLimitPer10s: null });
  else sandbox.hubspot.setOptions(accountId, { rateLimitPer10s: null });
}

/** The smallest picture. */
const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export function gatherCrowd(rig: Rig, desk: Desk, size = crowdSize): Crowd {
  const { telegram } = rig.sandbox;
  const { botId, channelId } = desk.bot;
  const at = Array.from({ length: size }, () => {
    const { chat_id } = telegram.createChat({ bot_id: botId, started: false });
    return { bot_id: botId, chat_id };
  });
  const wordsOf = ({ chat_id }: At) => `words of ${chat_id}`;
  const storedUpdates = async () =>
    (await rig.database.pool.query('select 1 from updates where channel_id = $1', [channelId])).rowCount ?? 0;

  /** All act; resolves once the gateway has stored it. */
  const act = async (one: (at: At) => unknown) => {
    const before = await storedUpdates();
    for (const place of at) one(place);
    await eventually(async () => {
      const stored = (await storedUpdates()) - before;
      if (stored < size) throw new Error(`only ${stored} of ${size} updates are stored`);
    }, setUpMs);
  };
  return {
    at,
    wordsOf,
    write: () => act((place) => telegram.text(place, { text: wordsOf(place) })),
    sendPhotos: () => act((place) => telegram.file(place, { kind: 'photo', bytes: picture, caption: wordsOf(place) })),
    areShownOnce: () =>
      eventually(() => {
        const texts = desk.conversations().flatMap(({ entries }) => entries.map(({ text }) => text));
        const count = (words: string) =>
          texts.filter((text) => text.split('\n').some((line) => line.trim() === words)).length;
        const wrong = at.map((place) => [wordsOf(place), count(wordsOf(place))]).filter(([, times]) => times !== 1);
        if (wrong.length > 0) throw new Error(`not once in the inbox: ${JSON.stringify(wrong.slice(0, 10))}`);
      }, setUpMs),
  };
}
