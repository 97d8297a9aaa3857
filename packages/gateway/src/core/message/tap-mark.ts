/** The prefix for the label of a tapped button, if the channel marks it. */
const mark = '✓ ';

export const withTapMark = (label: string): string => `${mark}${withoutTapMark(label)}`;

/** The label without the mark, as it was sent. */
export const withoutTapMark = (label: string): string => (label.startsWith(mark) ? label.slice(mark.length) : label);
