import type {
  ChatShared,
  Checklist,
  ChecklistTask,
  ChecklistTasksAdded,
  ChecklistTasksDone,
  Dice,
  Game,
  Message,
  SharedUser,
  Story,
  Chat as TelegramChat,
  UsersShared,
  WebAppData,
} from '@grammyjs/types';
import type { InboundContent } from '../../core/message/content.ts';
import { markText, quoted } from '../../core/message/mark-text.ts';
import { visibleName } from '../../core/message/visible-name.ts';
import { asDescription } from './as-description.ts';
import { describedGoods } from './described-goods.ts';
import { pollContent } from './described-poll.ts';
import { plainText } from './formatting.ts';
import type { MessageField } from './message-fields.ts';
import { nameOf } from './parties.ts';
import { richContent } from './rich-message.ts';
import { asId, asInteger, asList, asObject, asText, type Untrusted } from './untrusted.ts';

type Describe = (value: unknown, message: Untrusted<Message>) => InboundContent | null;

const describers: Readonly<Partial<Record<MessageField, Describe>>> = {
  rich_message: richContent,
  dice: diceContent,
  poll: pollContent,
  story: storyContent,
  game: gameContent,
  checklist: checklistContent,
  checklist_tasks_done: tasksDoneContent,
  checklist_tasks_added: tasksAddedContent,
  web_app_data: webAppContent,
  users_shared: usersContent,
  chat_shared: chatContent,
  passport_data: (value) =>
    asObject(value) &&
    asDescription('', markText`sent Telegram Passport data, which is encrypted for the owner of the bot`),
  ...describedGoods,
};

/** What has no counterpart in an inbox and reads well as text; null for anything else. */
export function describedContent(message: Untrusted<Message>): InboundContent | null {
  for (const [field, describe] of Object.entries(describers)) {
    const value = message[field as MessageField];
    const content = value === undefined ? null : describe(value, message);
    if (content !== null) return content;
  }
  return null;
}

function diceContent(value: unknown): InboundContent | null {
  const dice = asObject<Dice>(value);
  const points = asInteger(dice?.value);
  return points === null ? null : asDescription(`${asText(dice?.emoji) ?? '🎲'} ${points}`, markText`threw a dice`);
}

function storyContent(value: unknown): InboundContent | null {
  const story = asObject<Story>(value);
  const chat = asObject<TelegramChat>(story?.chat);
  const id = asId(story?.id);
  if (!chat || id === null) return null;
  const username = asText(chat.username);
  const link = username !== null && /^\w+$/.test(username) ? `https://t.me/${username}/s/${id}` : '';
  const owner = visibleName(asText(chat.title)) ?? nameOf(chat) ?? username;
  return asDescription(link, owner === null ? markText`shared a story` : markText`shared a story of ${quoted(owner)}`);
}

function gameContent(value: unknown): InboundContent | null {
  const game = asObject<Game>(value);
  const title = asText(game?.title);
  if (!game || title === null) return null;
  const words = plainText(game.text, game.text_entities) ?? visibleName(asText(game.description));
  return asDescription(words === null ? title : `${title}\n${words}`, markText`sent a game`);
}

function checklistContent(value: unknown): InboundContent | null {
  const checklist = asObject<Checklist>(value);
  const title = plainText(checklist?.title, checklist?.title_entities);
  return title === null
    ? null
    : asDescription([title, ...taskLines(checklist?.tasks)].join('\n'), markText`sent a checklist`);
}

const taskLines = (tasks: unknown): readonly string[] =>
  asList(tasks).flatMap((value) => {
    const task = asObject<ChecklistTask>(value);
    const text = plainText(task?.text, task?.text_entities);
    return text === null ? [] : `${asInteger(task?.completion_date) === null ? '☐' : '☑'} ${text}`;
  });

/** Telegram names tasks by their numbers; their words are in the checklist, if the update contains it. */
function tasksDoneContent(value: unknown): InboundContent | null {
  const change = asObject<ChecklistTasksDone>(value);
  if (change === null) return null;
  const checklist = asObject<Checklist>(asObject<Message>(change.checklist_message)?.checklist);
  const texts = new Map(
    asList(checklist?.tasks).map((one) => {
      const task = asObject<ChecklistTask>(one);
      return [asInteger(task?.id), plainText(task?.text, task?.text_entities)];
    }),
  );
  const lines = (ids: unknown, sign: string) =>
    asList(ids).map((id) => `${sign} ${texts.get(asInteger(id)) ?? `task ${asInteger(id) ?? '?'}`}`);
  const all = [...lines(change.marked_as_done_task_ids, '☑'), ...lines(change.marked_as_not_done_task_ids, '☐')];
  return asDescription(all.join('\n'), markText`changed what is done in a checklist`);
}

function tasksAddedContent(value: unknown): InboundContent | null {
  const lines = taskLines(asObject<ChecklistTasksAdded>(value)?.tasks);
  return lines.length === 0 ? null : asDescription(lines.join('\n'), markText`added to a checklist`);
}

/** Telegram: what a web app sent back; a person can send anything here, so that nothing in it is to be trusted. */
function webAppContent(value: unknown): InboundContent | null {
  const sent = asObject<WebAppData>(value);
  const data = asText(sent?.data);
  if (data === null) return null;
  const label = visibleName(asText(sent?.button_text)) ?? '';
  return asDescription(
    data,
    label === '' ? markText`sent by a web app` : markText`sent by the web app behind ${quoted(label)}`,
  );
}

function usersContent(value: unknown): InboundContent | null {
  const lines = asList(asObject<UsersShared>(value)?.users).flatMap((member) => {
    const user = asObject<SharedUser>(member);
    const userId = asId(user?.user_id);
    return user === null || userId === null ? [] : line(nameOf(user), asText(user.username), userId);
  });
  if (lines.length === 0) return null;
  return asDescription(
    lines.join('\n'),
    lines.length === 1 ? markText`chose a person` : markText`chose ${lines.length} people`,
  );
}

function chatContent(value: unknown): InboundContent | null {
  const shared = asObject<ChatShared>(value);
  const chatId = asId(shared?.chat_id);
  if (shared === null || chatId === null) return null;
  return asDescription(
    line(visibleName(asText(shared.title)), asText(shared.username), chatId),
    markText`chose a chat`,
  );
}

/** “Grace Hopper @grace (42)”. */
const line = (name: string | null, username: string | null, id: string): string =>
  [name, username === null ? null : `@${username}`, `(${id})`].filter((part) => part !== null && part !== '').join(' ');
