/** The page that a browser shows after all redirects. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

export interface Browser {
  /** Opens an address and follows redirects. */
  open(url: string): Promise<Shown>;
  /**
   * Posts the form of the shown page to the form's action, or else to the page's own address, and follows redirects.
   */
  submit(shown: Shown, fields: Readonly<Record<string, string>>): Promise<Shown>;
}

const redirectsMax = 10;

/** A minimal browser for tests of sign-in pages: redirects, cookies by host and path, and posted forms. */
export function createBrowser(): Browser {
  const jar: { readonly host: string; readonly path: string; readonly name: string; readonly value: string }[] = [];

  const storeCookie = (url: URL, line: string) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice('path='.length) ?? '/';
    const index = jar.findIndex((one) => one.host === url.host && one.name === name && one.path === path);
    if (index >= 0) jar.splice(index, 1);
    if (value !== '') jar.push({ host: url.host, path, name, value });
  };
  const cookiesFor = (url: URL) =>
    jar
      .filter(({ host, path }) => host === url.host && url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');

  async function request(address: string, body: URLSearchParams | null): Promise<Shown> {
    let url = new URL(address);
    let form = body;
    for (let hop = 0; hop < redirectsMax; hop += 1) {
      const response = await fetch(url, {
        method: form === null ? 'GET' : 'POST',
        headers: { accept: 'text/html', cookie: cookiesFor(url) },
        ...(form === null ? {} : { body: form }),
        redirect: 'manual',
      });
      for (const line of response.headers.getSetCookie()) storeCookie(url, line);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status >= 400) {
        return { url: url.toString(), status: response.status, html: await response.text() };
      }
      await response.body?.cancel();
      url = new URL(location, url);
      form = null;
    }
    throw new Error(`more than ${redirectsMax} redirects from ${address}`);
  }

  return {
    open: (url) => request(url, null),
    submit(shown, fields) {
      const [, action] = /<form[^>]*\saction="([^"]*)"/.exec(shown.html) ?? [];
      const target = new URL(action === undefined ? shown.url : action.replaceAll('&amp;', '&'), shown.url);
      return request(target.toString(), new URLSearchParams(fields));
    },
  };
}
