// Generated from packages/contract by `npm run gen`. Do not edit.

/** The version of the contract. */
export const contractVersion = '0.1.0';
