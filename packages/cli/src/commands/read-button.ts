/** `Yes=yes` has data, `Help=https://…` an address, and a label alone is its own data. */
export const readButton = (given: string) => {
  const at = given.indexOf('=');
  const [label, value] = at < 0 ? [given, given] : [given.slice(0, at), given.slice(at + 1)];
  return /^(?:https?|tg):\/\//.test(value) ? { text: label, url: value } : { text: label, data: value };
};
