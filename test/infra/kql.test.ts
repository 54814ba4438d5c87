/** Queries of workbook, alerts and docs/operations.md are what Kusto can run, by its own parser with the columns of the tables. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';

interface Diagnostics {
  Count: number;
  getItem(index: number): { Message: string; Start: number };
}
interface Kusto {
  GlobalState: { Default: { WithDatabase(database: object): object } };
  KustoCode: { ParseAndAnalyze(query: string, globals: object): { GetDiagnostics(): Diagnostics } };
  Symbols: {
    DatabaseSymbol: { $ctor1: new (name: string, tables: object[]) => object };
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
  };
}

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const ofAll =
  'TimeGenerated: datetime, Name: string, Properties: dynamic, AppRoleName: string, AppRoleInstance: string, OperationId: string, ItemCount: int';
const tables = {
  AppMetrics: `(${ofAll}, Sum: real, Min: real, Max: real)`,
  AppRequests: `(${ofAll}, Id: string, Success: bool, DurationMs: real, ResultCode: string)`,
  traces: '(timestamp: datetime, message: string, customDimensions: dynamic)',
};

let faultsIn: (query: string) => string[];

beforeAll(() => {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { GlobalState, KustoCode, Symbols } = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto.Language;
  const { DatabaseSymbol, TableSymbol } = Symbols;
  const symbols = Object.entries(tables).map(([name, schema]) => new TableSymbol.$ctor7(name, schema, null));
  const globals = GlobalState.Default.WithDatabase(new DatabaseSymbol.$ctor1('workspace', symbols));
  faultsIn = (query) => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, i) => found.getItem(i)).map(
      ({ Message, Start }) => `${Message} at: ${query.slice(Start, Start + 40)}`,
    );
  };
});

type Named = [name: string, query: string];
/** What stands in braces is put in by the template. */
const alerts: Named[] = JSON.parse(read('infra/alerts.json')).map(
  ({ name, query }: { name: string; query: string }) => [name, query.replaceAll(/\{\w+\}/g, '100')],
);
const charts: Named[] = JSON.parse(read('infra/workbook.json')).items.flatMap(
  ({ name, content: { query } }: { name: string; content: { query?: string } }) => (query ? [[name, query]] : []),
);
const [, section = ''] = /## Questions, in KQL\n([\s\S]*?)\n## /.exec(read('docs/operations.md')) ?? [];
const [prelude, ...examples] = section.match(/(?:^ {4}.*\n)+/gm) ?? [];

test.each(alerts)('alert %s', (_, query) => expect(faultsIn(query)).toEqual([]));
test.each(charts)('chart %s', (_, query) => expect(faultsIn(query)).toEqual([]));
test.each(examples)('docs/operations.md: %s', (query) => expect(faultsIn(`${prelude}${query}`)).toEqual([]));

test('faults are found', () => {
  expect(examples.length).toBeGreaterThan(3);
  expect(faultsIn('AppMetrics | where Nme == 1')).toHaveLength(1);
  expect(faultsIn('AppMetrics | summarize kind = max(Sum) by')).not.toEqual([]);
});
