/** What settings of more than a number or a word have to look like. */

/** Fields of an NCRONTAB expression: their smallest and largest value, and the names that stand for values. */
const ncrontabFields: { min: number; max: number; names?: string[] }[] = [
  { min: 0, max: 59 },
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] },
  { min: 0, max: 6, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
];

/** Whether a text is an NCRONTAB expression as timer triggers take it: six fields, seconds first, of `*`, `a`, `a-b`, `…/n` and lists. */
export function isNcrontab(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.length === ncrontabFields.length && fields.every((field, i) => isNcrontabField(field, ncrontabFields[i]))
  );
}

function isNcrontabField(field: string, { min, max, names = [] }: (typeof ncrontabFields)[number]): boolean {
  const valueAt = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    return named === -1 ? Number(text) : named + min;
  };
  return field.split(',').every((item) => {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/[1-9]\d*)?$/.exec(item);
    const [, first, last = first] = match ?? [];
    if (!match || first === undefined || last === undefined) return match !== null;
    return min <= valueAt(first) && valueAt(first) <= valueAt(last) && valueAt(last) <= max;
  });
}

/** Whether a text names a storage account and its key: `Name=value;` in turn, with endpoints that are URLs. */
export function isConnectionString(text: string): boolean {
  if (/^UseDevelopmentStorage=true;?$/i.test(text.trim())) return true;
  const pairs = text.split(';').filter((pair) => pair.trim() !== '');
  const values = new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1)]),
  );
  const endpoints = ['BlobEndpoint', 'QueueEndpoint', 'TableEndpoint'].map((name) => values.get(name));
  return (
    pairs.every((pair) => pair.includes('=')) &&
    Boolean(values.get('AccountName') && values.get('AccountKey')) &&
    endpoints.every((url) => url === undefined || /^https?:/.test(URL.parse(url)?.protocol ?? ''))
  );
}
