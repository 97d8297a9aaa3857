/** HubSpot writes times in ISO 8601. */
export const isoTime = (atMs: number): string => new Date(atMs).toISOString();
