/**
 * Intercom's file servers, as far as they are known: one family a region, each name with everything below it. Addresses
 * are signed and expire.
 */
export const attachmentHosts: readonly string[] = [
  'intercomcdn.com',
  'intercomcdn.eu',
  'intercomcdn.au',
  'intercomusercontent.com',
  'intercomassets.com',
  ...Array.from({ length: 9 }, (_, index) => `intercom-attachments-${index + 1}.com`),
];
