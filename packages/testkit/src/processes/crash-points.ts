import type { PortDecorator } from '@chatferry/gateway/internal/compose/start-gateway';

/** Told of each call that crosses a port: `store.intents.record:before` as it is made, `…:after` once it is answered. */
export type Watch = (point: string, args: readonly unknown[]) => void;

/** The store, the channels and the inboxes; every call to them is reported to `watch`. */
export function watchPorts(watch: Watch): PortDecorator {
  return {
    store: (store) => watchCalls('store', store, watch),
    providers: (providers) => ({
      ...providers,
      openChannel: (record) => watchCalls('channel', providers.openChannel(record), watch),
      openInbox: (record, onAnswer) => watchCalls('inbox', providers.openInbox(record, onAnswer), watch),
    }),
  };
}

/** Wraps the methods that take time; what is pure or no method stays as it is. */
function watchCalls<T extends object>(port: string, target: T, watch: Watch): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof name !== 'string') return value;
      if (isNamespace(value)) return watchCalls(`${port}.${name}`, value, watch);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        watch(`${port}.${name}:before`, args);
        const answer: unknown = Reflect.apply(value, object, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then((settled: unknown) => {
          watch(`${port}.${name}:after`, args);
          return settled;
        });
      };
    },
  });
}

/** A group of methods, such as `store.lanes`. */
const isNamespace = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
