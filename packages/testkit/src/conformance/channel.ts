import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import { afterEach, beforeEach, describe } from 'vitest';
import { describesTheBot } from './channel/bot.ts';
import { polls } from './channel/polling.ts';
import type { Around, ChannelScene } from './channel/scene.ts';
import { sendsInTrouble, sendsWhatArrives, sendsWhatIsRefused } from './channel/sends.ts';
import { receivesWebhooks } from './channel/webhooks.ts';

export type { ChannelScene, Trouble } from './channel/scene.ts';

/** What every channel adapter must do, over real HTTP against a provider that can fail. */
export function channelConformance(name: string, openScene: () => Promise<ChannelScene>): void {
  describe(`the channel port, by ${name}`, () => {
    let scene: ChannelScene;
    let channel: Channel;
    const around: Around = { scene: () => scene, channel: () => channel };

    beforeEach(async () => {
      scene = await openScene();
      channel = scene.kind.open(scene.credential);
    });
    afterEach(() => scene.close());

    describe('a send', () => {
      sendsWhatArrives(around);
      sendsWhatIsRefused(around);
      sendsInTrouble(around);
    });
    describe('the bot', () => describesTheBot(around));
    describe('updates by polling', () => polls(around));
    describe('updates by webhook', () => receivesWebhooks(around));
  });
}
