import express from 'express';
import { Api, GrammyError } from 'grammy';
import pg from 'pg';

/**
 * The same job as it is usually written by hand: Express takes the request, grammY sends, `pg` keeps a row afterwards. It lacks:
 * a record before the send (a crash in between loses the message without a trace), order and one send at a time in a chat,
 * repeats that are proven safe, the distinction of failed and unknown, the whole validation, several bots and keys, rate
 * limits, and the copy of the message in the inbox.
 */
const [, , telegramRoot = '', botToken = '', databaseHost = ''] = process.argv;
const api = new Api(botToken, { apiRoot: telegramRoot });
const pool = new pg.Pool({ host: databaseHost, port: 5432, user: 'chatferry_owner', database: 'chatferry', max: 16 });
await pool.query(`
create table if not exists by_hand_messages (
  id bigint generated always as identity primary key,
  chat_id bigint not null,
  type text not null,
  text text not null,
  reply_markup jsonb not null,
  telegram_message_id bigint not null,
  created_at timestamptz not null default now()
)`);

const types = ['reply_buttons', 'reply_keyboard', 'remove_reply_keyboard', 'highlight_reply'];
const app = express();
app.use(express.json());

app.post('/api/v1/telegram/interactive', async (request, response) => {
  if (request.get('x-octopods-auth') === undefined) {
    response.status(401).json({ error: 'no key' });
    return;
  }
  const { destination_user_id: chatId, telegram_interactive_message: message } = request.body;
  if (typeof chatId !== 'string' || !types.includes(message?.type) || typeof message.text !== 'string') {
    response.status(400).json({ error: 'invalid message' });
    return;
  }
  try {
    const sent = await api.sendMessage(Number(chatId), message.text, { reply_markup: message.reply_markup });
    const { rows } = await pool.query<{ id: string }>(
      'insert into by_hand_messages (chat_id, type, text, reply_markup, telegram_message_id) values ($1, $2, $3, $4, $5) returning id',
      [chatId, message.type, message.text, message.reply_markup, sent.message_id],
    );
    response.status(201).json({ message_id: rows[0]?.id, channel_message_id: `tg-${sent.message_id}` });
  } catch (cause) {
    if (!(cause instanceof GrammyError)) throw cause;
    response.status(422).json({ error: cause.description });
  }
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
process.once('SIGTERM', () => process.exit(0));
