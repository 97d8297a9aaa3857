import { type Call, callOperation } from './call.js';
import { connectResources } from './connect.js';
import { ConfigurationError } from './errors.js';
import { type AnyResource, type CallableOperation, paramsOf } from './resource.js';
import { type Resources, resources } from './resources.gen.js';
import { type CallOptions, type ChatferryOptions, readSettings, type Settings } from './settings.js';
import type { Operations } from './types.gen.js';
import { webhooks } from './webhooks.js';

export type OperationId = keyof Operations;

/** The fields of a call by the id of its operation: the fields of the path, the query and the body in one object. */
export type Arguments<Id extends OperationId> = Operations[Id]['params'] &
  Operations[Id]['query'] &
  Operations[Id]['body'];

export type Result<Id extends OperationId> = Operations[Id]['result'];

type Request = <Id extends OperationId>(
  id: Id,
  ...rest: object extends Arguments<Id>
    ? [fields?: Arguments<Id>, options?: CallOptions]
    : [fields: Arguments<Id>, options?: CallOptions]
) => Call<Result<Id>>;

/** The client: every resource of the API, `webhooks`, and `request` for an operation by its id. Its calls throw `ApiError`, `ConnectionError` or `ConfigurationError`. */
export interface Chatferry extends Resources {
  readonly webhooks: typeof webhooks;
  /** Calls an operation by the `operationId` of `openapi.json`. */
  readonly request: Request;
}

const findOperation = (id: string): CallableOperation => {
  for (const { methods } of Object.values<AnyResource>(resources))
    for (const operation of Object.values(methods)) if (operation.id === id) return operation;
  throw new ConfigurationError(`There is no operation ${id}.`);
};

const requestById = (settings: Settings, id: string, given: object = {}, options: CallOptions = {}) => {
  const operation = findOperation(id);
  const fields: Record<string, unknown> = { ...given };
  const params = paramsOf(operation).map((name) => {
    const value = fields[name];
    delete fields[name];
    return value;
  });
  return callOperation(settings, operation, { params, fields, options });
};

class Client {
  constructor(options: ChatferryOptions = {}) {
    const settings = readSettings(options);
    Object.assign(this, connectResources(settings, resources), {
      webhooks,
      request: (id: string, fields?: object, call?: CallOptions) => requestById(settings, id, fields, call),
    });
  }
}

// The resources are made from the generated table, which also defines the type `Resources`; a class declaration cannot express that.
export const Chatferry = Client as unknown as new (options?: ChatferryOptions) => Chatferry;
