import { ConfigurationError } from './errors.js';
import { type CallableOperation, type CallInput, paramsOf, type UploadContent } from './resource.js';
import type { Settings } from './settings.js';

export interface ApiRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | UploadContent | undefined;
  readonly idempotencyKey: string | undefined;
}

/** The gateway's limit for an Idempotency-Key. */
const isIdempotencyKey = (key: string): boolean => /^[\x21-\x7e]{1,255}$/.test(key);

const bearerOf = ({ id, auth }: CallableOperation, { key, adminToken }: Settings): string | undefined => {
  if (auth === 'none') return undefined;
  const given = auth === undefined ? (adminToken ?? key) : auth === 'reader' ? (key ?? adminToken) : key;
  if (given !== undefined) return given;
  const needed = auth === 'key' ? 'key' : 'adminToken, or a key with the permission';
  throw new ConfigurationError(`${id} needs ${needed}; give it to new Chatferry({ … }).`);
};

/** Distributes the arguments of a call over the address and the body. */
const distribute = (operation: CallableOperation, { params, fields, content }: CallInput) => {
  if (operation.isUpload === true && content === undefined)
    throw new ConfigurationError(`${operation.id} needs the bytes of a file.`);
  const names = paramsOf(operation);
  const target = operation.path.replace(/\{\w+\}/g, (param) => {
    const name = param.slice(1, -1);
    const value = params[names.indexOf(name)];
    if (value === undefined || value === null || value === '')
      throw new ConfigurationError(`${operation.id} needs ${name}.`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (operation.query?.includes(name) === true) search.set(name, String(value));
    else body[name] = value;
  }
  const query = search.toString();
  return {
    target: query === '' ? target : `${target}?${query}`,
    body: content ?? (operation.hasBody === true ? JSON.stringify(body) : undefined),
  };
};

const contentTypeOf = (body: NonNullable<ApiRequest['body']>): string => {
  if (typeof body === 'string') return 'application/json';
  return body instanceof Blob && body.type !== '' ? body.type : 'application/octet-stream';
};

/** Makes the request of a call. Throws `ConfigurationError` for arguments that no request can have. */
export const composeRequest = (settings: Settings, operation: CallableOperation, input: CallInput): ApiRequest => {
  const { target, body } = distribute(operation, input);
  const { options } = input;
  const idempotencyKey =
    operation.isIdempotent === true ? (options.idempotencyKey ?? settings.makeIdempotencyKey()) : undefined;
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey))
    throw new ConfigurationError('idempotencyKey must have 1 to 255 visible ASCII characters.');
  const bearer = bearerOf(operation, settings);
  return {
    url: settings.base + target,
    method: operation.method,
    body,
    idempotencyKey,
    headers: {
      accept: 'application/json',
      ...(settings.userAgent === undefined ? {} : { 'user-agent': settings.userAgent }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': contentTypeOf(body) }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(options.strict === true ? { prefer: 'handling=strict' } : {}),
    },
  };
};
