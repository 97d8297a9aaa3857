import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One call of the gateway to a provider. */
export interface GatedCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

/** What happens to a call. */
export type Treatment =
  | { readonly kind: 'pass' }
  /** It is accepted and never answered. The provider does not see it. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'delay'; readonly delayMs: number };

/** An HTTP server in front of a provider, where calls hang, are late, or fail, and where connections are refused. */
export interface Gate {
  readonly url: string;
  /** Chooses the treatment of each call from now on. */
  treat(choose: (call: GatedCall) => Treatment): void;
  /** All calls pass from now on, and the calls that hang are reset. Connections are accepted. */
  open(): Promise<void>;
  /** Connections are refused, and the open ones are reset. */
  refuse(): Promise<void>;
  /** How many calls hang now. */
  hanging(): number;
  /** How many calls did not pass untouched since `treat` or `refuse`. */
  readonly touched: number;
  /** When the first call passed and was answered after the last `open`, in milliseconds since 1970; null before. */
  readonly passedAtMs: number | null;
  close(): Promise<void>;
}

const pass: Treatment = { kind: 'pass' };

interface State {
  readonly target: string;
  choose: (call: GatedCall) => Treatment;
  readonly held: Set<ServerResponse>;
  readonly sockets: Set<Socket>;
  touched: number;
  passedAtMs: number | null;
}

export async function startGate(target: string): Promise<Gate> {
  const state: State = {
    target,
    choose: () => pass,
    held: new Set(),
    sockets: new Set(),
    touched: 0,
    passedAtMs: null,
  };
  const server = createServer((request, response) => void receive(state, request, response));
  server.on('connection', (socket) => {
    state.sockets.add(socket);
    socket.once('close', () => state.sockets.delete(socket));
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of state.sockets) socket.resetAndDestroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    treat(choose) {
      state.touched = 0;
      state.choose = choose;
    },
    async open() {
      state.choose = () => pass;
      state.passedAtMs = null;
      for (const response of state.held) response.socket?.resetAndDestroy();
      if (!server.listening) await listen(port);
    },
    async refuse() {
      state.touched = 1;
      await stop();
    },
    hanging: () => state.held.size,
    get touched() {
      return state.touched;
    },
    get passedAtMs() {
      return state.passedAtMs;
    },
    close: () => (server.listening ? stop() : Promise.resolve()),
  };
}

async function receive(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => request.once('end', resolve));
  const body = Buffer.concat(chunks);
  const { method = 'GET', url: path = '/' } = request;
  const treatment = state.choose({ method, path, body: body.toString('utf8') });
  if (treatment.kind !== 'pass') state.touched += 1;
  switch (treatment.kind) {
    case 'hang':
      state.held.add(response);
      response.once('close', () => state.held.delete(response));
      return;
    case 'status':
      response.writeHead(treatment.status, { 'content-type': 'application/json' }).end('{}');
      return;
    case 'delay':
      setTimeout(() => forward(state, request, body, response), treatment.delayMs);
      return;
    case 'pass':
      forward(state, request, body, response);
  }
}

/** The provider sees the address of this gate, and names it where it tells its own. */
function forward(state: State, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, headers, url } = request;
  const onward = httpRequest(`${state.target}${url}`, { method, headers }, (answer) => {
    if ((answer.statusCode ?? 500) < 500) state.passedAtMs ??= Date.now();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy();
  });
  onward.end(body);
}
