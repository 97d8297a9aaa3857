import { bindHandlers } from '../bind-handlers.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { checkChannel } from './check-channel.ts';
import { createChannel } from './create-channel.ts';
import { deleteChannel } from './delete-channel.ts';
import { getChannel, listChannels } from './read-channels.ts';
import { repairChannel } from './repair-channel.ts';
import { updateChannel } from './update-channel.ts';

/** Manages the channels: the connected bots. */
export const channelHandlers = (deps: ChannelDeps) =>
  bindHandlers(deps, {
    createChannel,
    listChannels,
    getChannel,
    updateChannel,
    deleteChannel,
    checkChannel,
    repairChannel,
  });
