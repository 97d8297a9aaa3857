/** Letters, digits, points and hyphens, or an IPv6 address. URLs also allow `;` and `,` in a host. */
const plain = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * The origin of an address, in a form that does not change the meaning of a header that contains it. Null for an address with
 * another scheme, or with a host that no certificate could name.
 */
export function plainOrigin(address: string): string | null {
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  return plain.test(origin) ? origin : null;
}
