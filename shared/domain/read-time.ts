const timeForm =
  /^[0-9]{4}-([0-9]{2})-([0-9]{2})(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

/**
 * A time in ISO 8601, as one in UTC; null for a text that is none. A time without a zone is UTC. A
 * day that its month does not have is none, although a date could be made of it.
 */
export function readTime(text: string): string | null {
  const [form, month, day, zone] = timeForm.exec(text) ?? [];
  const unixMs = Date.parse(form?.includes('T') && zone === undefined ? `${form}Z` : (form ?? ''));
  const ofDay = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const isDay = ofDay.getUTCMonth() + 1 === Number(month) && ofDay.getUTCDate() === Number(day);
  return Number.isNaN(unixMs) || !isDay ? null : new Date(unixMs).toISOString();
}
