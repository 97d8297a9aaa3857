/** Schemas of fields that several objects of the API have. */
import { z } from 'zod';

/** A name that people give to a thing. White space at both ends is removed. */
export const DisplayName = z.string().trim().min(1).max(200);

/** A credential of a provider. Requests carry it, answers never do. */
export const Credential = z.string().min(1).max(4000).meta({ secret: true, writeOnly: true });

/**
 * The address of a server of a provider, to which paths are appended and secrets are sent; or the name of one that the operator
 * has listed. Every field of a request that names a place to call has this schema: `address` in its metadata is what the gateway
 * looks for before an operation runs.
 */
export const ServerAddress = z
  .string()
  .regex(
    /^(?:https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?|[a-z0-9][a-z0-9_-]{0,62})$/,
    'must be an http or https address without a user or a query, or a name that the operator of the gateway has listed.',
  )
  .max(2000)
  .meta({ address: true });

/** For the descriptions of fields with this schema. */
export const whoMayName =
  'A URL needs a credential with access to the whole installation; others choose a name that the operator has listed in `CHATFERRY_PROVIDER_SERVERS`.';

/** ISO 8601 in UTC, such as `2026-01-31T12:00:00.000Z`. */
export const Timestamp = z.iso.datetime().meta({ description: 'ISO 8601, UTC.' });
