import type { ChannelFacts, ChannelKind } from '../ports/channel-kind.ts';
import type { OptionalSetting, RequiredSetting } from '../ports/setting.ts';
import type { Transport } from './http/transport.ts';

/** The settings of the process for a kind of channel. */
export interface ChannelSettings {
  /** The address of the provider's API for channels that name none. */
  readonly apiRoot: RequiredSetting<string>;
  /** The address for file downloads; the same as the API's where it is not set. */
  readonly fileRoot: OptionalSetting<string>;
}

/** Everything about one kind of channel, as the registry lists it. */
export interface ChannelAdapter {
  readonly facts: ChannelFacts;
  readonly settings: ChannelSettings;
  connect(options: { readonly transport: Transport }): ChannelKind;
}
