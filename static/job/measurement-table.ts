/** Lists of measurements as tables: a row each, nested values in columns of their own. */

export interface Table {
  columns: string[];
  rows: { index: number; cells: unknown[] }[];
}

/** Null for what is no list of rows; a list without rows is one, in which nothing was found. */
export function tableOf(value: unknown): Table | null {
  if (!Array.isArray(value)) return null;
  if (!value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))) return null;
  const flat = value.map((row) => flatten(row));
  const names = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  // Single values come first: they are what most look for, and a narrow screen shows only the first columns.
  const columns = [...names.filter((name) => !name.includes('.')), ...names.filter((name) => name.includes('.'))];
  return { columns, rows: flat.map((row, index) => ({ index, cells: columns.map((column) => row[column]) })) };
}

/** Rows of numbers, all of the same length: a homography. */
export function matrixOf(value: unknown): number[][] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const isRow = (row: unknown) => Array.isArray(row) && row.every((cell) => typeof cell === 'number');
  return value.every((row) => isRow(row) && row.length === value[0].length) ? value : null;
}

/** Whether a column says nothing but the number of the row. */
export function repeatsNumber({ rows }: Table, column: number): boolean {
  return rows.length > 0 && rows.every(({ index, cells }) => cells[column] === index + 1);
}

function flatten(row: object, prefix = ''): Record<string, unknown> {
  const cells: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'object' && value !== null) Object.assign(cells, flatten(value, `${prefix}${name}.`));
    else cells[prefix + name] = value;
  }
  return cells;
}

/** RFC 4180; what a spreadsheet would take for a formula is made text. */
export function csvOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows.map(({ cells }) => cells)];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
