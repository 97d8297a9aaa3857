/** Stands before the label of a button that was tapped, where a channel marks it. */
const mark = '✓ ';

export const withTapMark = (label: string): string => `${mark}${withoutTapMark(label)}`;

/** The label as it was sent. */
export const withoutTapMark = (label: string): string => (label.startsWith(mark) ? label.slice(mark.length) : label);
