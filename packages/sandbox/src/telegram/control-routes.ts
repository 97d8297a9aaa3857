import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type ControlBody,
  controlBody,
  integerIn,
  numberIn,
  optionalBooleanIn,
  optionalIntegerIn,
  optionalObjectIn,
  optionalTextIn,
  textIn,
} from '../control-body.ts';
import { ControlError } from '../control-error.ts';
import type { At, TelegramControl } from './control.ts';
import type { SharedContact } from './customer.ts';
import { fileKinds, type SentFile } from './files.ts';
import type { RateLimit, RateLimits } from './rate-limit.ts';
import type { ChatType } from './world.ts';

/** Registers the control routes, relative to `/control/telegram`. */
export function registerControlRoutes(app: FastifyInstance, telegram: TelegramControl): void {
  registerDirectory(app, telegram);
  for (const [name, act] of Object.entries(actions(telegram))) {
    app.post(`/chats/:bot_id/:chat_id/${name}`, (request) => act(atIn(request), controlBody(request.body)));
  }
  app.get('/sent', (request) => {
    const query = controlBody(request.query);
    return telegram.sent({ bot_id: optionalIntegerIn(query, 'bot_id'), chat_id: optionalIntegerIn(query, 'chat_id') });
  });
  app.get('/calls', (request) => {
    const query = controlBody(request.query);
    return telegram.calls({ bot_id: optionalIntegerIn(query, 'bot_id'), method: optionalTextIn(query, 'method') });
  });
  app.post('/limits', (request) => {
    const body = controlBody(request.body);
    const limits: RateLimits = { ...limitIn(body, 'perChat'), ...limitIn(body, 'perBot') };
    telegram.setLimits(limits);
    return limits;
  });
  app.post('/latency', (request) => {
    const latencyMs = numberIn(controlBody(request.body), 'latencyMs');
    telegram.setLatency(latencyMs);
    return { latencyMs };
  });
}

function registerDirectory(app: FastifyInstance, telegram: TelegramControl): void {
  app.get('/bots', () => telegram.listBots());
  app.post('/bots', (request, reply) => {
    const body = controlBody(request.body);
    void reply.code(201);
    return telegram.createBot({
      username: optionalTextIn(body, 'username'),
      first_name: optionalTextIn(body, 'first_name'),
      token: optionalTextIn(body, 'token'),
      supports_inline_queries: optionalBooleanIn(body, 'supports_inline_queries'),
      can_read_all_group_messages: optionalBooleanIn(body, 'can_read_all_group_messages'),
      accepts_any_chat: optionalBooleanIn(body, 'accepts_any_chat'),
    });
  });
  app.patch('/bots/:bot_id', (request) => {
    const body = controlBody(request.body);
    const botId = integerIn(controlBody(request.params), 'bot_id');
    telegram.changeBot(botId, {
      username: optionalTextIn(body, 'username'),
      first_name: optionalTextIn(body, 'first_name'),
      supports_inline_queries: optionalBooleanIn(body, 'supports_inline_queries'),
      next_update_id: optionalIntegerIn(body, 'next_update_id'),
      revoked: optionalBooleanIn(body, 'revoked'),
    });
    return { id: botId };
  });
  app.get('/bots/:bot_id/files/:file_id', (request, reply) => {
    const params = controlBody(request.params);
    const given = { bot_id: integerIn(params, 'bot_id'), file_id: textIn(params, 'file_id') };
    return reply.type('application/octet-stream').send(telegram.fileContent(given));
  });
  app.get('/chats', (request) => telegram.listChats(integerIn(controlBody(request.query), 'bot_id')));
  app.get('/chats/:bot_id/:chat_id', (request) => telegram.transcript(atIn(request)));
  app.post('/chats', (request, reply) => {
    const body = controlBody(request.body);
    void reply.code(201);
    return telegram.createChat({
      bot_id: integerIn(body, 'bot_id'),
      user: userIn(body),
      type: chatTypeIn(body),
      title: optionalTextIn(body, 'title'),
      username: optionalTextIn(body, 'username'),
      started: optionalBooleanIn(body, 'started'),
      payload: optionalTextIn(body, 'payload'),
    });
  });
}

type Action = (at: At, body: ControlBody) => unknown;

function actions(telegram: TelegramControl): Readonly<Record<string, Action>> {
  const placeIn = (body: ControlBody) => ({
    message_id: integerIn(body, 'message_id'),
    row: integerIn(body, 'row'),
    column: integerIn(body, 'column'),
  });
  return {
    start: (at, body) => telegram.start(at, { payload: optionalTextIn(body, 'payload') }),
    text: (at, body) =>
      telegram.text(at, {
        text: textIn(body, 'text'),
        reply_to_message_id:
          body['reply_to_message_id'] === null ? null : optionalIntegerIn(body, 'reply_to_message_id'),
      }),
    'press-key': (at, body) => telegram.pressKey(at, placeIn(body)),
    tap: (at, body) => telegram.tap(at, placeIn(body)),
    draft: (at, body) => telegram.draft(at, { text: textIn(body, 'text') }),
    'send-draft': (at) => telegram.sendDraft(at),
    'choose-result': (at, body) => telegram.chooseResult(at, { index: integerIn(body, 'index') }),
    'share-contact': (at, body) => telegram.shareContact(at, contactIn(body)),
    'share-location': (at, body) =>
      telegram.shareLocation(at, { latitude: numberIn(body, 'latitude'), longitude: numberIn(body, 'longitude') }),
    file: (at, body) => telegram.file(at, fileIn(body)),
    album: (at, body) => telegram.album(at, { files: filesIn(body) }),
    edit: (at, body) => telegram.edit(at, { message_id: integerIn(body, 'message_id'), text: textIn(body, 'text') }),
    block: (at) => telegram.block(at),
    unblock: (at) => telegram.unblock(at),
    kick: (at) => telegram.kick(at),
    deactivate: (at) => telegram.deactivate(at),
    migrate: (at) => telegram.migrate(at),
    'send-update': (at, body) => {
      const update = optionalObjectIn(body, 'update');
      if (!update) throw new ControlError(400, 'Give "update" as an object: {"message": {…}}.');
      return telegram.sendUpdate(at, { update });
    },
    'duplicate-last-update': (at) => telegram.duplicateLastUpdate(at),
  };
}

function atIn(request: FastifyRequest): At {
  const params = controlBody(request.params);
  return { bot_id: integerIn(params, 'bot_id'), chat_id: integerIn(params, 'chat_id') };
}

function userIn(body: ControlBody) {
  const user = optionalObjectIn(body, 'user');
  if (!user) return undefined;
  const id = optionalIntegerIn(user, 'id');
  const text = (name: string) => {
    const value = optionalTextIn(user, name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...(id === undefined ? {} : { id }),
    ...text('first_name'),
    ...text('last_name'),
    ...text('username'),
    ...text('language_code'),
  };
}

function chatTypeIn(body: ControlBody): ChatType | undefined {
  const type = optionalTextIn(body, 'type');
  if (type === undefined || type === 'private' || type === 'group' || type === 'supergroup' || type === 'channel')
    return type;
  throw new ControlError(400, 'Give "type" as private, group, supergroup or channel.');
}

function contactIn(body: ControlBody): SharedContact {
  const other = body['other_person'];
  const phone_number = optionalTextIn(body, 'phone_number');
  if (typeof other !== 'object' || other === null)
    return { phone_number, other_person: optionalBooleanIn(body, 'other_person') ?? false };
  const person = controlBody(other);
  return {
    phone_number,
    other_person: { first_name: optionalTextIn(person, 'first_name'), user_id: optionalIntegerIn(person, 'user_id') },
  };
}

function filesIn(body: ControlBody): readonly SentFile[] {
  const files = body['files'];
  if (!Array.isArray(files)) throw new ControlError(400, 'Give "files" as a list of what "file" takes.');
  return files.map((file: unknown) => fileIn(controlBody(file)));
}

function fileIn(body: ControlBody): SentFile {
  const given = optionalTextIn(body, 'kind') ?? 'document';
  const kind = fileKinds.find((known) => known === given);
  if (kind === undefined) throw new ControlError(400, `Give "kind" as one of ${fileKinds.join(', ')}.`);
  const motion = optionalTextIn(body, 'motion');
  if (motion !== undefined && motion !== 'animated' && motion !== 'video')
    throw new ControlError(400, 'Give "motion" as animated or video.');
  const thumbnail = optionalTextIn(body, 'thumbnail_base64');
  return {
    kind,
    bytes: Buffer.from(textIn(body, 'content_base64'), 'base64'),
    file_name: optionalTextIn(body, 'file_name'),
    mime_type: optionalTextIn(body, 'mime_type'),
    caption: optionalTextIn(body, 'caption'),
    size: optionalIntegerIn(body, 'size'),
    thumbnail: thumbnail === undefined ? undefined : Buffer.from(thumbnail, 'base64'),
    emoji: optionalTextIn(body, 'emoji'),
    motion,
    performer: optionalTextIn(body, 'performer'),
    title: optionalTextIn(body, 'title'),
  };
}

function limitIn(body: ControlBody, name: 'perChat' | 'perBot'): { readonly [Key in typeof name]?: RateLimit } {
  const limit = optionalObjectIn(body, name);
  if (!limit) return {};
  const perSecond = numberIn(limit, 'perSecond');
  const burst = optionalIntegerIn(limit, 'burst') ?? 1;
  if (perSecond <= 0 || burst < 1)
    throw new ControlError(400, `Give "${name}" as {"perSecond": above 0, "burst": at least 1}.`);
  return { [name]: { perSecond, burst } };
}
