const problemType = 'application/problem+json';

/** The weight of a media type in one member of `Accept`: from 0 to 1, and 1 if none is given. Null for another media type. */
function weightOf(member: string, type: string): number | null {
  const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
  if (name !== type) return null;
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice('q='.length));
  return value >= 0 && value <= 1 ? value : 1;
}

/**
 * Whether a caller with this `Accept` (RFC 9110, 12.5.1) gets errors as problem details (RFC 9457): it names their media type, and
 * does not prefer plain JSON. A caller that names neither gets the form of the API that the gateway is compatible with.
 */
export function acceptsProblem(accept: string | undefined): boolean {
  const members = (accept ?? '').split(',');
  const best = (type: string) => Math.max(0, ...members.flatMap((member) => weightOf(member, type) ?? []));
  const weight = best(problemType);
  return weight > 0 && weight >= best('application/json');
}
