import type { Secret } from './secret.ts';
import type { OptionalSetting } from './setting.ts';

/** The settings of the process for one kind of inbox. */
export interface InboxSettings {
  /** What stands for `{region}` in these addresses; empty for a provider without regions. */
  readonly regions: readonly string[];
  /** The address of the provider's API for workspaces that name none. */
  readonly baseUrl: OptionalSetting<string>;
  /** Replaces the provider's sign-in page. */
  readonly appUrl: OptionalSetting<string>;
  /** The app that accounts install, under the names that its fields have in the contract. */
  readonly app: Readonly<Record<string, OptionalSetting<string> | OptionalSetting<Secret>>> & {
    readonly client_id: OptionalSetting<string>;
    readonly client_secret: OptionalSetting<Secret>;
  };
}

/** Their values; null if a setting is not set. */
export interface InboxSettingValues {
  readonly baseUrl: string | null;
  readonly appUrl: string | null;
  readonly app: Readonly<Record<string, string | Secret | null>>;
}
