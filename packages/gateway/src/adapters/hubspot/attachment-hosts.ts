/**
 * HubSpot's file servers, as far as they are known, each with everything below it (`<portal>.fs1.…`).
 */
export const attachmentHosts: readonly string[] = [
  ...['na1', 'na2', 'na3', 'eu1', 'ap1', 'ca1'].map((region) => `hubspotusercontent-${region}.net`),
  ...['00', '10', '20', '30', '40'].map((number) => `hubspotusercontent${number}.net`),
  'hubspotusercontent.com',
  'cdn1.hubspot.net',
  'cdn2.hubspot.net',
];

/**
 * HubSpot serves the public files of a portal under the portal's own domains, too, such as
 * `https://www.example.com/hs-fs/hubfs/plan.png`. They are fetched like any stranger's: without a credential, and never from
 * a private address.
 */
export const attachmentPaths: readonly string[] = ['/hubfs/', '/hs-fs/hubfs/'];
