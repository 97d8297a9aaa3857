export interface JsonCallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a control or management route with JSON both ways. Throws, with the answer, unless the status is 2xx. */
export async function callJson<T>(url: string, body?: unknown, options: JsonCallOptions = {}): Promise<T> {
  const { method = body === undefined ? 'GET' : 'POST', headers = {} } = options;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
