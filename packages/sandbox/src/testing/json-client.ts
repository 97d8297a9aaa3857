export type Json = Readonly<Record<string, unknown>>;

/** Calls a path and returns the JSON of the answer. Throws an error with the answer for any status but 2xx. */
export type JsonClient = (
  method: string,
  path: string,
  body?: object | URLSearchParams,
  headers?: Readonly<Record<string, string>>,
) => Promise<Json>;

export function createJsonClient(url: string): JsonClient {
  return async (method, path, body, headers = {}) => {
    const isForm = body instanceof URLSearchParams;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body && !isForm ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${withoutSecrets(path)} answered ${response.status}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json);
  };
}

const withoutSecrets = (path: string): string => path.replace(/bot[^/]*/, 'bot…').replace(/\?.*/, '');
