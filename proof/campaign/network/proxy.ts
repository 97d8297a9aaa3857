import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesThrough, type NetworkFault } from './fault.ts';
import type { Framing } from './framing.ts';

/** A fault that waits for its message. */
export interface Armed {
  /** Resolves when the message came and the fault was done. */
  readonly struck: Promise<void>;
  /** Closes the connections that the fault holds. */
  release(): void;
  /** Stops waiting for its message. */
  disarm(): void;
}

/** A TCP proxy on loopback that passes everything on, but for the messages that a fault waits for. */
export interface FaultProxy {
  readonly port: number;
  /** Does the fault to the first exchange whose request `matches`. */
  arm(fault: NetworkFault, matches: (request: Buffer) => boolean): Armed;
  close(): Promise<void>;
}

interface Waiting {
  readonly fault: NetworkFault;
  readonly matches: (request: Buffer) => boolean;
  readonly strike: (client: Socket, server: Socket) => void;
}

const slowPieces = 20;
const slowPauseMs = 10;

export async function startFaultProxy(target: NetConnectOpts, framing: Framing): Promise<FaultProxy> {
  const waiting = new Set<Waiting>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
    // The other end may do whatever it likes.
    socket.on('error', () => socket.destroy());
    return socket;
  };

  const take = (request: Buffer): Waiting | undefined => {
    const found = [...waiting].find(({ matches }) => matches(request));
    if (found !== undefined) waiting.delete(found);
    return found;
  };

  const server = createServer((socket) => {
    const client = keep(socket);
    const upstream = keep(connect(target));
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    join(client, upstream, framing, take);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    port: address.port,
    arm(fault, matches) {
      let held: readonly Socket[] = [];
      let told: () => void = () => undefined;
      const struck = new Promise<void>((resolve) => {
        told = resolve;
      });
      const armed: Waiting = {
        fault,
        matches,
        strike(client, upstream) {
          held = [client, upstream];
          told();
        },
      };
      waiting.add(armed);
      return {
        struck,
        release: () => {
          for (const socket of held) socket.destroy();
        },
        disarm: () => void waiting.delete(armed),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Passes on between two ends, whole requests at a time, so that a fault can be done to one at its very byte. */
function join(
  client: Socket,
  upstream: Socket,
  framing: Framing,
  take: (request: Buffer) => Waiting | undefined,
): void {
  let isFirst = true;
  let isOver = false;
  let request = Buffer.alloc(0);
  let answer = Buffer.alloc(0);
  let onAnswer: Waiting | undefined;

  const strike = ({ fault, strike: tell }: Waiting, message: Buffer, from: Socket, to: Socket) => {
    isOver = fault.kind !== 'slow';
    void doTo(fault, message, from, to).then(() => tell(client, upstream));
  };

  client.on('data', (bytes) => {
    if (isOver) return;
    request = Buffer.concat([request, bytes]);
    for (let end = framing.requestEnd(request, isFirst); end !== null; end = framing.requestEnd(request, isFirst)) {
      isFirst = false;
      const whole = request.subarray(0, end);
      request = request.subarray(end);
      const found = take(whole);
      if (found?.fault.direction === 'request') return strike(found, whole, client, upstream);
      onAnswer = found;
      upstream.write(whole);
    }
  });
  upstream.on('data', (bytes) => {
    if (isOver) return;
    if (onAnswer === undefined) return void client.write(bytes);
    answer = Buffer.concat([answer, bytes]);
    const end = framing.answerEnd(answer);
    if (end === null) return;
    const found = onAnswer;
    onAnswer = undefined;
    strike(found, answer, upstream, client);
    answer = Buffer.alloc(0);
  });
}

/** Does the fault to a message on its way. */
async function doTo({ kind, place }: NetworkFault, message: Buffer, from: Socket, to: Socket): Promise<void> {
  if (kind === 'slow') return writeSlowly(message, to);
  await write(to, message.subarray(0, bytesThrough(place, message.length)));
  switch (kind) {
    case 'cut':
      // The end of `to` takes the one of `from` along.
      to.end();
      from.end();
      return;
    case 'reset':
      for (const end of [to, from]) {
        // A Unix socket knows no reset: its peer learns of the end at its next write.
        if (end.remoteFamily === undefined) end.destroy();
        else end.resetAndDestroy();
      }
      return;
    case 'half-open':
      from.removeAllListeners('close');
      to.removeAllListeners('close');
      to.destroy();
      return;
    case 'stall':
      return;
  }
}

async function writeSlowly(message: Buffer, to: Socket): Promise<void> {
  const size = Math.ceil(message.length / slowPieces);
  for (let at = 0; at < message.length; at += size) {
    await write(to, message.subarray(at, at + size));
    await sleep(slowPauseMs);
  }
}

const write = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    // A socket that was closed accepts nothing more, which is a fault like any other.
    if (bytes.length === 0 || !socket.writable) resolve();
    else socket.write(bytes, () => resolve());
  });
