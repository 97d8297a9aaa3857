import { callOperation } from './call.js';
import { type AnyResource, type CallableOperation, type CallInput, paramsOf, type Resource } from './resource.js';
import { type CallOptions, type ChatferryOptions, readSettings, type Settings } from './settings.js';

type ApiOf<R> = R extends Resource<infer Api> ? Api : never;

/** The resources of a client, with their methods. */
export type Connected<Resources> = { readonly [Name in keyof Resources]: ApiOf<Resources[Name]> };

/** The arguments of a method: the parameters of the path in order, then the bytes of a file, the fields and the options. */
const readArguments = (operation: CallableOperation, given: readonly unknown[]): CallInput => {
  const count = paramsOf(operation).length;
  const rest = given.slice(count);
  const content = operation.isUpload === true ? (rest.shift() as CallInput['content']) : undefined;
  const [fields, options] = operation.hasFields === true ? rest : [undefined, rest[0]];
  return {
    params: given.slice(0, count),
    content,
    fields: (fields ?? {}) as CallInput['fields'],
    options: (options ?? {}) as CallOptions,
  };
};

const call = (settings: Settings, operation: CallableOperation, given: readonly unknown[]): unknown =>
  (operation.call ?? callOperation)(settings, operation, readArguments(operation, given));

/** Makes the methods of resources. */
export const connectResources = <Resources extends object>(
  settings: Settings,
  resources: Resources,
): Connected<Resources> => {
  const connected: Record<string, object> = {};
  for (const [name, { methods }] of Object.entries(resources as Readonly<Record<string, AnyResource>>)) {
    const api: Record<string, unknown> = {};
    for (const [verb, operation] of Object.entries(methods))
      api[verb] = (...given: unknown[]) => call(settings, operation, given);
    connected[name] = api;
  }
  return connected as Connected<Resources>;
};

/**
 * A client with some resources only: `connect({ key }, { messages, events })`. A bundler leaves the others out.
 * Throws `ConfigurationError` for options that no call could use.
 */
export const connect = <Resources extends object>(
  options: ChatferryOptions,
  resources: Resources,
): Connected<Resources> => connectResources(readSettings(options), resources);
