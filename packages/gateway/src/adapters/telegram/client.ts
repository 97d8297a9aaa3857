import type { ApiError, ApiMethods, ApiResponse, Opts } from '@grammyjs/types';
import type { ChannelCredential, Wire } from '../../ports/channel.ts';
import { type BoundSecret, conceal, revealTo } from '../../ports/secret.ts';
import type { HttpFailure, HttpResult, HttpStream } from '../http/http-call.ts';
import { encodeForm, type Form, type FormFile } from '../http/multipart.ts';
import type { Transport } from '../http/transport.ts';
import type { Upload } from './choose-upload.ts';
import { asInteger, asObject, asText, parseJson } from './untrusted.ts';

/** Methods whose parameters fit into JSON; files that are uploaded need another encoding. */
export type Method = keyof ApiMethods<never>;

export type Parameters<M extends Method> = Opts<never>[M];

/** Telegram's answer, unread. */
export type Envelope =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly errorCode: number;
      readonly description: string;
      readonly retryAfterSeconds: number | null;
      readonly migrateToChatId: number | null;
    };

export type MethodResult =
  | { readonly kind: 'envelope'; readonly status: number; readonly envelope: Envelope }
  /** The answer does not have Telegram's form: a proxy, or a wrong address. It proves nothing. */
  | { readonly kind: 'foreign'; readonly status: number; readonly detail: string }
  | Withheld
  | HttpFailure;

/** Nothing was called: the token was given for another server. */
export interface Withheld {
  readonly kind: 'withheld';
  readonly detail: string;
}

export interface CallLimits {
  readonly limitMs: number;
  /** For a download: the longest time without a byte. */
  readonly idleLimitMs?: number;
  readonly signal?: AbortSignal;
  /** The call waits at Telegram for something to happen. */
  readonly longPoll?: boolean;
}

export interface TelegramClient {
  /** One call of one method, never repeated inside. The token appears in nothing that is returned. */
  callMethod<M extends Method>(method: M, parameters: Parameters<M>, limits: CallLimits): Promise<MethodResult>;
  /** `callMethod` for a message that was encoded earlier and stored, with the method that it names. */
  sendMessage(wire: Wire, limits: CallLimits): Promise<MethodResult>;
  /** One message with a file. */
  upload(upload: Upload, parameters: Wire, limits: CallLimits): Promise<MethodResult>;
  /** The same for a message that was sent. */
  change(method: Method, parameters: Wire, limits: CallLimits): Promise<MethodResult>;
  /** One message of the API with its files, with the method that it names. */
  sendFiles(wire: Wire, files: readonly FormFile[], limits: CallLimits): Promise<MethodResult>;
  /** `change` with files. */
  changeFiles(method: Method, parameters: Wire, files: readonly FormFile[], limits: CallLimits): Promise<MethodResult>;
  /** The same for `editMessageReplyMarkup`. */
  editButtons(wire: Wire, limits: CallLimits): Promise<MethodResult>;
  /**
   * A file by the path that getFile gave; Telegram: valid for at least an hour, at most 20 MB from the cloud. Null if
   * the path leads elsewhere than below the bot's own folder.
   */
  download(filePath: string, limits: CallLimits): Promise<HttpStream | Withheld | null>;
}

/** Telegram's Bot API on the shared transport. The roots have no trailing slash. */
export function createClient(transport: Transport, credential: ChannelCredential): TelegramClient {
  const { token, apiRoot, fileRoot } = credential;
  /** The address of the bot below `root`. A token cannot leave its path segment, whatever it is made of. */
  const below = (root: string, path: string) =>
    revealTo(root, (reveal) => `${root}${path}/bot${encodeURIComponent(reveal(token)).replaceAll('%3A', ':')}`);
  const bot = below(apiRoot, '');
  // Files have a share of their own: a file server that hangs delays no message.
  const [party, fileParty] = [{}, {}];
  const folder = below(fileRoot, '/file');
  const concealed = (text: string): string => conceal(text, [token]);

  const postBody = async (method: Method, { contentType, body }: Form, limits: CallLimits): Promise<MethodResult> => {
    if (bot.kind === 'withheld') return bot;
    const answer = await transport.call({
      url: `${bot.value}/${method}`,
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
      party,
      ...limits,
    });
    return readAnswer(answer, concealed);
  };
  const post = (method: Method, parameters: object, limits: CallLimits): Promise<MethodResult> =>
    postBody(method, { contentType: 'application/json', body: Buffer.from(JSON.stringify(parameters)) }, limits);

  return {
    callMethod: post,
    sendMessage: (wire, limits) => {
      const { method, parameters } = callOfWire(wire);
      return post(method, parameters, limits);
    },
    change: post,
    changeFiles: (method, parameters, files, limits) =>
      postBody(method, encodeForm(asFields(parameters), files, 'percent-decoded'), limits),
    editButtons: (wire, limits) => post('editMessageReplyMarkup', wire, limits),
    // Telegram's server decodes names: TDLib tdnet/td/net/HttpReader.cpp.
    upload: ({ method, file }, parameters, limits) =>
      postBody(method, encodeForm(asFields(parameters), file, 'percent-decoded'), limits),
    sendFiles: (wire, files, limits) => {
      const { method, parameters } = callOfWire(wire);
      return postBody(method, encodeForm(asFields(parameters), files, 'percent-decoded'), limits);
    },
    async download(filePath, limits) {
      const segments = relativePath(filePath, token)?.split('/') ?? [''];
      if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return null;
      const path = segments.map(encodeURIComponent).join('/');
      if (folder.kind === 'withheld') return folder;
      return transport.stream({ url: `${folder.value}/${path}`, method: 'GET', party: fileParty, ...limits });
    },
  };
}

/** Methods that send a message. */
const sendMethods: ReadonlySet<string> = new Set<Method>([
  'sendMessage',
  'sendLocation',
  'sendVenue',
  'sendContact',
  'sendPoll',
  'sendPhoto',
  'sendVideo',
  'sendAnimation',
  'sendAudio',
  'sendVoice',
  'sendDocument',
  'sendSticker',
  'sendMediaGroup',
]);

/** A wire names its method, if it is not `sendMessage`. What else it has that is ours is not sent. */
export function callOfWire(wire: Wire): { readonly method: Method; readonly parameters: Wire } {
  const { method = 'sendMessage', uploads: _, ...parameters } = wire;
  if (typeof method !== 'string' || !sendMethods.has(method))
    throw new Error(`A message is to be sent with ${String(method)}, which sends no message.`);
  return { method: method as Method, parameters };
}

/** Telegram: in a form every parameter is text; what is none is its JSON. */
const asFields = (parameters: Wire): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

/**
 * Telegram: a self-hosted server in local mode gives the path on its own disk, `<folder>/<token>/photos/file_1.jpg`, and
 * serves no files itself: its operator puts a file server in front, which serves the bot's folder under the same paths as the cloud.
 */
function relativePath(filePath: string, token: BoundSecret): string | null {
  return filePath.startsWith('/') ? token.textAfter(filePath, '/', '/') : filePath;
}

function readAnswer(answer: HttpResult, concealed: (text: string) => string): MethodResult {
  if (answer.kind !== 'answered') return answer;
  const { status, body } = answer;
  const envelope = readEnvelope(parseJson(body), concealed);
  if (envelope !== null) return { kind: 'envelope', status, envelope };
  return { kind: 'foreign', status, detail: `HTTP ${status} with a body that is not Telegram’s` };
}

function readEnvelope(json: unknown, concealed: (text: string) => string): Envelope | null {
  const answer = asObject<ApiResponse<unknown>>(json);
  if (answer?.ok === true && 'result' in answer) return { ok: true, result: answer.result };
  const errorCode = asInteger(answer?.error_code);
  if (answer?.ok !== false || errorCode === null) return null;
  const parameters = asObject<NonNullable<ApiError['parameters']>>(answer.parameters);
  return {
    ok: false,
    errorCode,
    description: concealed(asText(answer.description) ?? `error ${errorCode} without a description`),
    retryAfterSeconds: asInteger(parameters?.retry_after),
    migrateToChatId: asInteger(parameters?.migrate_to_chat_id),
  };
}
