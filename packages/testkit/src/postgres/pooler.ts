import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Connection } from '@chatferry/gateway/internal/store/database/pool';
import pg from 'pg';

/**
 * A pooler as PgBouncer is one, over the real protocol: clients share a few sessions of the server. In the mode `session` a client keeps
 * its session until it leaves; in the mode `transaction` until PostgreSQL reports that it is outside of a transaction.
 */
export interface PoolerOptions {
  readonly mode: 'session' | 'transaction';
  /** How many sessions of the server there are. */
  readonly sessions: number;
  /** Which free session a client gets: the one that was free last, as PgBouncer does it, or each in turn (`server_round_robin`). */
  readonly order: 'last' | 'turn';
}

export interface Pooler {
  /** For `DATABASE_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

/** A session of the server: a connection that the driver opened, whose bytes are then forwarded as they are. */
interface Session {
  readonly socket: Socket;
  readonly end: () => Promise<void>;
}

/** The protocol: a type of one byte, then the length of the rest with itself. The first message of a client has no type. */
function createSplitter(onMessage: (type: string, message: Buffer) => void, isStartup: boolean) {
  let buffer: Buffer = Buffer.alloc(0);
  let isFirst = isStartup;
  return (bytes: Buffer): void => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const typeBytes = isFirst ? 0 : 1;
      if (buffer.length < typeBytes + 4) return;
      const length = typeBytes + buffer.readInt32BE(typeBytes);
      if (buffer.length < length) return;
      const message = buffer.subarray(0, length);
      buffer = buffer.subarray(length);
      const type = isFirst ? 'startup' : String.fromCharCode(message[0] ?? 0);
      isFirst = false;
      onMessage(type, message);
    }
  };
}

const messageOf = (type: string, body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const parameter = (name: string, value: string): Buffer => messageOf('S', Buffer.from(`${name}\0${value}\0`));

/** AuthenticationOk, what drivers want to know, a key for cancelling that nothing uses, ReadyForQuery. */
const welcome = Buffer.concat([
  messageOf('R', Buffer.alloc(4)),
  parameter('server_version', '17.0'),
  parameter('client_encoding', 'UTF8'),
  parameter('integer_datetimes', 'on'),
  parameter('standard_conforming_strings', 'on'),
  messageOf('K', Buffer.alloc(8)),
  messageOf('Z', Buffer.from('I')),
]);

async function openSession(connection: Connection): Promise<Session> {
  const client = new pg.Client(connection);
  // The test server ends its sessions when a test database is dropped.
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.removeAllListeners('data');
  return {
    socket: stream,
    end: async () => {
      stream.destroy();
    },
  };
}

export async function startPooler(connection: Connection, options: PoolerOptions): Promise<Pooler> {
  const sessions = await Promise.all(Array.from({ length: options.sessions }, () => openSession(connection)));
  const free = [...sessions];
  const waiting: ((session: Session) => void)[] = [];
  const take = async (): Promise<Session> =>
    (options.order === 'last' ? free.pop() : free.shift()) ?? new Promise((resolve) => waiting.push(resolve));
  const giveBack = (session: Session): void => {
    session.socket.removeAllListeners('data');
    const next = waiting.shift();
    if (next === undefined) free.push(session);
    else next(session);
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, { mode: options.mode, take, giveBack });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `postgres://through:pooler@127.0.0.1:${port}/any`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await Promise.all(sessions.map(({ end }) => end()));
    },
  };
}

function serve(
  socket: Socket,
  pool: {
    readonly mode: PoolerOptions['mode'];
    take(): Promise<Session>;
    giveBack(session: Session): void;
  },
): void {
  let session: Session | null = null;
  let hasLeft = false;
  let unanswered = 0;
  let work: Promise<void> = Promise.resolve();

  const release = (): void => {
    if (session === null) return;
    pool.giveBack(session);
    session = null;
  };
  const attach = async (): Promise<void> => {
    const taken = await pool.take();
    session = taken;
    const split = createSplitter((type, message) => {
      socket.write(message);
      if (type !== 'Z') return;
      unanswered -= 1;
      const isOutside = String.fromCharCode(message[5] ?? 0) === 'I';
      if (unanswered === 0 && isOutside && (pool.mode === 'transaction' || hasLeft)) release();
    }, false);
    taken.socket.on('data', split);
  };
  const forward = async (type: string, message: Buffer): Promise<void> => {
    if (type === 'startup') {
      socket.write(welcome);
      return;
    }
    if (type === 'X') return;
    if (session === null) await attach();
    if (type === 'Q' || type === 'S') unanswered += 1;
    session?.socket.write(message);
  };
  const split = createSplitter((type, message) => {
    work = work.then(() => forward(type, message));
  }, true);
  socket.on('data', split);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    hasLeft = true;
    if (unanswered === 0) release();
  });
}
