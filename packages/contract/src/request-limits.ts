/** Limits of a request body as a whole. */

/** The largest request body that is accepted, in bytes. A larger one answers PAYLOAD_TOO_LARGE. */
export const bodyBytesMax = 64 * 1024;

/** The deepest nesting of objects and arrays that is accepted. The body itself is level 1. */
export const nestingMax = 16;
