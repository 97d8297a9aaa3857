/** The inputs of the calls with which a function is tried, for a text that a stranger wrote. */
export type Reader = (text: string) => readonly (readonly unknown[])[];
