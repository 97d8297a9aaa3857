import { once } from 'node:events';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One kept-alive HTTP/1.1 connection for one call at a time: as little of a client as a load generator needs. */
export interface Connection {
  /** `bytes` is the whole request. Rejects where the connection ends first or the answer has no Content-Length. */
  call(bytes: Buffer): Promise<Answer>;
  /** False once the other side has ended it. */
  isOpen(): boolean;
  close(): void;
}

interface Call {
  resolve(answer: Answer): void;
  reject(cause: Error): void;
}

const headEnd = Buffer.from('\r\n\r\n');

export async function openConnection({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  let held: Buffer = Buffer.alloc(0);
  let call: Call | null = null;

  const settle = (done: (waiting: Call) => void): void => {
    const waiting = call;
    call = null;
    if (waiting !== null) done(waiting);
  };
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = held.indexOf(headEnd);
    if (at === -1) return;
    const head = held.toString('latin1', 0, at);
    const status = Number(head.slice(9, 12));
    const length = status === 204 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) {
      settle((waiting) => waiting.reject(new Error(`an answer without Content-Length: ${head}`)));
      return;
    }
    const end = at + headEnd.length + length;
    if (held.length < end) return;
    const body = held.toString('utf8', at + headEnd.length, end);
    held = held.subarray(end);
    settle((waiting) => waiting.resolve({ status, body }));
  });
  socket.on('error', (cause) => settle((waiting) => waiting.reject(cause)));
  socket.on('close', () => settle((waiting) => waiting.reject(new Error('the connection was closed'))));
  await once(socket, 'connect');

  return {
    call: (bytes) =>
      new Promise((resolve, reject) => {
        call = { resolve, reject };
        socket.write(bytes);
      }),
    isOpen: () => !socket.destroyed,
    close: () => void socket.destroy(),
  };
}

/** The bytes of a POST with a JSON body. */
export function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n${lines.join('')}` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
