import { type Browser, createBrowser, type Shown } from '@chatferry/sandbox';
import type { Rig } from '@chatferry/testkit/rigs/rig';

/** An install as a person carries it out: the link that the gateway gave, opened in a browser. */
export interface Install {
  readonly id: string;
  readonly startUrl: string;
  readonly browser: Browser;
  /** Opens the link; what is shown is the provider's page, unless something is wrong. */
  open(): Promise<Shown>;
  /** Opens the link, chooses an account and decides; what is shown is the gateway's page. */
  decide(account: string, decision?: 'grant' | 'deny'): Promise<Shown>;
  /** As the API tells. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is.
  outcome(): Promise<any>;
}

export async function beginInstall(rig: Rig, body: object): Promise<Install> {
  const begun = await rig.admin('/api/v1/connections', { body });
  if (begun.status !== 201) throw new Error(`not begun: ${JSON.stringify(begun.body)}`);
  const browser = createBrowser();
  const open = () => browser.open(begun.body.start_url);
  return {
    id: begun.body.id,
    startUrl: begun.body.start_url,
    browser,
    open,
    decide: async (account, decision = 'grant') => browser.submit(await open(), { account, decision }),
    outcome: async () => (await rig.admin(`/api/v1/connections/${begun.body.id}`)).body,
  };
}
