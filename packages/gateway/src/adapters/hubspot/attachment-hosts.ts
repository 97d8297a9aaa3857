/**
 * HubSpot's file servers, as far as they are known, each with everything below it (`<portal>.fs1.…`). Files that a portal
 * serves under a domain of its own are not among them.
 */
export const attachmentHosts: readonly string[] = [
  ...['na1', 'na2', 'na3', 'eu1', 'ap1', 'ca1'].map((region) => `hubspotusercontent-${region}.net`),
  ...['00', '10', '20', '30', '40'].map((number) => `hubspotusercontent${number}.net`),
  'hubspotusercontent.com',
  'cdn1.hubspot.net',
  'cdn2.hubspot.net',
];
