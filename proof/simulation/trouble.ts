import type { Agents } from './agents.ts';
import type { Callers } from './callers.ts';
import type { ChatOfBot } from './chat-of-bot.ts';
import type { Customers } from './customers.ts';
import type { ContactName, InboxServer } from './inbox-server.ts';
import { afterTroubleMs, type Trouble, troubleFromMs } from './profile.ts';
import type { ChatName, Telegram } from './telegram.ts';
import type { World } from './world.ts';

/** What a world's trouble was, for the judge. */
export interface TroubleOfWorld {
  readonly kind: Trouble['kind'];
  readonly fromMs: number;
  readonly untilMs: number;
  /** The inbox that hangs or is down, or whose bot has chats that hang. */
  readonly server: InboxServer;
  readonly chats: ReadonlySet<ChatName>;
}

interface Parts {
  readonly telegram: Telegram;
  readonly agents: Agents;
  readonly callers: Callers;
  readonly customers: Customers;
  readonly chats: readonly ChatOfBot[];
}

/** What those in trouble do further during it, and what strangers do. */
const counts = { further: 20, strangers: 60, afterwards: 30 };
/** An hour of strangers shows nothing that their first minutes do not. */
const strangersForMs = 90_000;

export const nameOf = ({ channel, chatId }: ChatOfBot): ChatName => `${channel.id}:${chatId}`;
const contactOf = ({ channel, chatId }: ChatOfBot): ContactName => `${channel.bot.botId}:${chatId}`;

/** Plans the whole life of a world with one trouble: many act while it lasts, in the party that has it and elsewhere. */
export function planTroubledLife(world: World, { kind, forMs }: Trouble, parts: Parts): TroubleOfWorld {
  const { kernel, dice } = world;
  const untilMs = troubleFromMs + forMs;
  const inTrouble = chatsInTrouble(kind, parts.chats);
  const trouble: TroubleOfWorld = {
    kind,
    fromMs: troubleFromMs,
    untilMs,
    server: serverOf(parts),
    chats: new Set(inTrouble.map(nameOf)),
  };
  const strangers = parts.chats.filter((chat) => !trouble.chats.has(nameOf(chat)));
  const between = (fromMs: number, toMs: number, act: () => void): void => {
    kernel.after(dice.between(fromMs, toMs), null, 'operation', act);
  };

  for (const chat of parts.chats) between(0, 3_000, () => parts.customers.speak(chat.channel, chat.chatId));
  planFault(world, parts, trouble);
  for (const chat of inTrouble)
    between(troubleFromMs, troubleFromMs + 2_000, () => needTheParty(world, parts, kind, chat));
  for (let count = 0; count < counts.further; count += 1) {
    between(troubleFromMs, untilMs, () => needTheParty(world, parts, kind, dice.pick(inTrouble)));
  }
  const strangersUntilMs = Math.min(untilMs, troubleFromMs + strangersForMs);
  for (let count = 0; count < counts.strangers; count += 1) {
    between(troubleFromMs + 4_000, strangersUntilMs, () => actAtRandom(world, parts, dice.pick(strangers)));
  }
  for (let count = 0; count < counts.afterwards; count += 1) {
    between(untilMs + 0.75 * afterTroubleMs, untilMs + 0.9 * afterTroubleMs, () =>
      actAtRandom(world, parts, dice.pick(parts.chats)),
    );
  }
  return trouble;
}

function serverOf({ agents, chats }: Parts): InboxServer {
  const server = agents.servers.get(chats[0]?.channel.workspaceId ?? '');
  if (!server) throw new Error('the first chat has no inbox');
  return server;
}

/** Those of the first bot: all, or three of four. */
function chatsInTrouble(kind: Trouble['kind'], chats: readonly ChatOfBot[]): readonly ChatOfBot[] {
  const first = chats.filter(({ channel }) => channel.id === chats[0]?.channel.id);
  return kind === 'chats hang' ? first.slice(0, Math.floor(first.length * 0.75)) : first;
}

function planFault(
  { kernel, count }: World,
  { telegram }: Parts,
  { kind, fromMs, untilMs, server, chats }: TroubleOfWorld,
): void {
  const set = (isOn: boolean): void => {
    if (kind === 'inbox down') server.isDown = isOn;
    else if (kind === 'inbox hangs') server.hangs = isOn;
    else if (isOn) telegram.hang([...chats]);
    else telegram.answer([...chats]);
    if (!isOn) server.answeredAtMs = null;
  };
  kernel.after(fromMs, null, kind, () => {
    count(`only ${kind}`);
    set(true);
  });
  kernel.after(untilMs, null, `${kind} ends`, () => set(false));
}

/** Something that cannot be done while the trouble lasts. */
function needTheParty({ dice }: World, parts: Parts, kind: Trouble['kind'], chat: ChatOfBot): void {
  const { channel, chatId } = chat;
  if (kind === 'chats hang') parts.agents.answer(channel.workspaceId, contactOf(chat));
  else if (dice.chance(0.8)) parts.customers.speak(channel, chatId);
  else parts.callers.order(channel, chatId);
}

function actAtRandom({ dice }: World, { agents, callers, customers }: Parts, chat: ChatOfBot): void {
  const { channel, chatId } = chat;
  const act = dice.pick(['speak', 'order', 'answer']);
  if (act === 'speak') customers.speak(channel, chatId);
  else if (act === 'order') callers.order(channel, chatId);
  else agents.answer(channel.workspaceId, contactOf(chat));
}
