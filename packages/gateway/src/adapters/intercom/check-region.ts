import type { InboxOutcome, UnfitSetting } from '../../ports/inbox.ts';
import type { IntercomSettings } from './settings.ts';
import type { Teammates } from './teammates.ts';

/** Whether the workspace is hosted where the settings say. With an address of its own it does not matter. */
export async function checkRegion(
  teammates: Pick<Teammates, 'account'>,
  settings: Pick<IntercomSettings, 'region' | 'base_url'>,
): Promise<InboxOutcome<readonly UnfitSetting[]>> {
  const account = await teammates.account();
  if (account.kind !== 'ok') return account;
  const { region } = account.value;
  if (region === null || region === settings.region || settings.base_url?.includes('{region}') === false) {
    return { kind: 'ok', value: [] };
  }
  const detail = `must be ${region}: Intercom hosts this workspace there. Provided: ${settings.region}.`;
  return { kind: 'ok', value: [{ field: 'region', detail }] };
}
