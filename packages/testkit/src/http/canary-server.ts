import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider says of the account and of the bot that a caller asks about. An attacker's server says what it likes. */
export interface Claims {
  readonly portalId: string;
  readonly appId: string;
  readonly intercomId: string;
  readonly botId: number;
}

/** A server of an attacker: it answers like every provider at once, and keeps every byte that it receives. */
export interface CanaryServer {
  readonly url: string;
  /** From now on it claims to be these accounts. */
  claim(claims: Claims): void;
  /** Every request so far: method, address, headers and body. */
  heard(): readonly string[];
  /** Forgets what it heard. */
  forget(): void;
  close(): Promise<void>;
}

export async function startCanaryServer(scopes: readonly string[]): Promise<CanaryServer> {
  const heard: string[] = [];
  let claims: Claims = { portalId: '1', appId: '1', intercomId: 'nobody', botId: 1 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push(transcribe(request, Buffer.concat(chunks)));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answerTo(request.url ?? '', claims, scopes)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    claim(next) {
      claims = next;
    },
    heard: () => [...heard],
    forget: () => void heard.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const transcribe = ({ method, url, rawHeaders }: IncomingMessage, body: Buffer): string =>
  [`${method} ${url}`, ...rawHeaders, body.toString('latin1')].join('\n');

/** Good enough that the gateway believes in a provider and sends what it has. */
function answerTo(url: string, { portalId, appId, intercomId, botId }: Claims, scopes: readonly string[]): object {
  if (/\/introspect$/.test(url)) return { active: true, hub_id: Number(portalId), app_id: Number(appId), scopes };
  if (/\/oauth\/[^/]+\/token$/.test(url)) {
    const tokens = { access_token: 'granted-by-the-canary', refresh_token: 'refreshed-by-the-canary' };
    return { ...tokens, expires_in: 1_800, hub_id: Number(portalId), app_id: Number(appId), scopes };
  }
  if (/\/auth\/eagle\/token$/.test(url))
    return { access_token: 'granted-by-the-canary', token: 'granted-by-the-canary' };
  if (/\/me$/.test(url)) {
    return { type: 'admin', id: '1', name: 'Eve', app: { id_code: intercomId, name: 'Acme', region: 'US' } };
  }
  if (/\/getMe$/.test(url)) {
    return { ok: true, result: { id: botId, is_bot: true, first_name: 'Eve', username: 'eve_bot' } };
  }
  if (/\/getWebhookInfo$/.test(url)) return { ok: true, result: { url: '', pending_update_count: 0 } };
  if (/\/getUpdates$/.test(url)) return { ok: true, result: [] };
  if (/\/bot[^/]*\/[A-Za-z]+$/.test(url)) return { ok: true, result: true };
  if (/\/custom-channels\//.test(url)) return { id: '1', results: [], authorized: true };
  return { id: '1', type: 'list', data: [], admins: [], results: [] };
}

/** The forms in which a text may travel: as it is, URL-encoded, in base64 at each of its three offsets, and in hex. */
export function formsOf(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset, 'x'), Buffer.from(secret)]).toString('base64');
    // The first and the last characters also depend on the bytes beside the secret.
    return padded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + secret.length) * 8) / 6));
  });
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Buffer.from(secret).toString('hex'),
  ];
}
