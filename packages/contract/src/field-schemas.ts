/** Schemas of fields that several objects of the API have. */
import { z } from 'zod';

/** A name that people give to a thing. White space at both ends is removed. */
export const DisplayName = z.string().trim().min(1).max(200);

/** A credential of a provider. Requests carry it, answers never do. */
export const Credential = z.string().min(1).max(4000).meta({ secret: true, writeOnly: true });

/** The address of a server, to which paths are appended. */
export const ServerUrl = z
  .string()
  .regex(/^https?:\/\/[^\s/?#][^\s?#]*$/, 'must be an http or https address without a query.')
  .max(2000)
  .meta({ format: 'uri' });
