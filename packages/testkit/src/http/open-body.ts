import { connect, type Socket } from 'node:net';

/** A request whose body is not complete yet. */
export interface OpenBody {
  /** What the gateway has answered so far. */
  answer(): string;
  /** Whether the gateway has ended the connection. */
  isEnded(): boolean;
  /** Resolves when what there is of the body was sent, or the gateway has ended the connection. */
  readonly sent: Promise<void>;
  /** Sends the last byte. */
  finish(): void;
  close(): void;
}

export interface BodyHead {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The length that the head announces. */
  readonly length: number;
}

/** Sends a head, and then as much of `body` as there is. Nothing else follows until `finish`. */
export function openBody(url: string, { path, headers, length }: BodyHead, body: Uint8Array): OpenBody {
  const { hostname, port } = new URL(url);
  let answer = '';
  let isEnded = false;
  const lines = Object.entries({ ...headers, 'Content-Length': String(length) });
  const head = `POST ${path} HTTP/1.1\r\nHost: g\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const socket: Socket = connect({ host: hostname, port: Number(port) });
  const sent = new Promise<void>((resolve) => {
    socket.write(head);
    socket.write(body, () => resolve());
    socket.on('close', () => resolve());
  });
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('close', () => {
    isEnded = true;
  });
  // The gateway ended the connection while the body was still being sent.
  socket.on('error', () => {
    isEnded = true;
  });
  return {
    sent,
    answer: () => answer,
    isEnded: () => isEnded,
    finish: () => void socket.write('x'),
    close: () => socket.destroy(),
  };
}
