import { BlockList, isIP } from 'node:net';
import { channelAdapter } from '../adapters/registry.ts';
import { readAddress, type Setting } from '../ports/setting.ts';

const { displayName: channel } = channelAdapter.facts;

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv6');

/** Names that only a network of one's own answers for: without a dot, or with an ending that the internet does not have (RFC 6761, RFC 6762, RFC 9476). */
const privateName = /^[^.]+$|\.(?:localhost|local|internal|test|home\.arpa)$/;

/** Whether the host is on this machine or in a network of one's own, where the simulated providers run. */
function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const version = isIP(name);
  return version === 0 ? privateName.test(name) : privateNetworks.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The address at which the providers call. They call https addresses only, so http is refused at the start, and not when the first
 * webhook is set. A private host may have http: only the sandbox calls it.
 * https://core.telegram.org/bots/api#setwebhook
 */
export const readPublicUrl: Setting<string>['read'] = (text) => {
  const read = readAddress(text);
  if ('problem' in read) return read;
  const { protocol, hostname } = new URL(read.value);
  if (protocol === 'https:' || isPrivateHost(hostname)) return read;
  return { problem: `must begin with https: ${channel} and the inboxes accept https only` };
};
