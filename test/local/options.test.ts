import { parseOptions, usage } from '../../local/options.ts';

test('--join takes the storage port of another runner, and any free HTTP port unless one is named', () => {
  expect(parseOptions(['--join', '10000'])).toMatchObject({ storage: 'join', storagePort: 10_000, port: 0 });
  expect(parseOptions(['--join', '10000', '--port', '7072'])).toMatchObject({ storage: 'join', port: 7072 });
  expect(() => parseOptions(['--join', 'here'])).toThrow('--join takes a port');
  expect(() => parseOptions(['--join', '10000', '--no-storage'])).toThrow('exclude each other');
});

test('--accounts takes how many there are, of the storage that is started or joined', () => {
  expect(parseOptions([])).toMatchObject({ accounts: 1 });
  expect(parseOptions(['--accounts', '16', '--join', '10000'])).toMatchObject({ accounts: 16 });
  for (const wrong of ['0', '17', 'two'])
    expect(() => parseOptions(['--accounts', wrong])).toThrow('--accounts takes a number from 1 to 16');
  expect(() => parseOptions(['--accounts', '2', '--no-storage'])).toThrow('TESSERA_FURTHER_STORAGE');
});

test('--host-names takes names, in any case', () => {
  expect(parseOptions(['--host-names', 'Tunnel.example, 192.168.1.5'])).toMatchObject({
    hostNames: ['tunnel.example', '192.168.1.5'],
  });
  expect(() => parseOptions(['--host-names', 'http://tunnel.example'])).toThrow('--host-names takes names');
});

test('--help tells how to add a second runner, and where keys come from', () => {
  expect(usage).toContain('npm run runner -- --join 10000');
  expect(usage).toContain('LOCAL_FUNCTION_KEYS');
});

test('--stop-by takes a way in which the platform ends processes', () => {
  expect(parseOptions(['--host-like'])).toMatchObject({ hostLike: true, stopBy: 'sigterm' });
  expect(parseOptions(['--host-like', '--stop-by', 'kill'])).toMatchObject({ stopBy: 'kill' });
  expect(() => parseOptions(['--stop-by', 'force'])).toThrow('--stop-by takes sigterm, drain, kill');
});

test('the command line is read, and wrong options say what they take', () => {
  expect(parseOptions([])).toMatchObject({
    port: 7071,
    storagePort: 10000,
    data: '.azurite',
    storage: 'start',
    only: null,
  });
  expect(parseOptions(['--only', 'http', '--in-memory', '--no-storage', '--port', '8080'])).toMatchObject({
    port: 8080,
    data: null,
    storage: 'setting',
    only: ['http'],
  });
  expect(() => parseOptions(['--port', 'http'])).toThrow('--port takes a port');
  expect(() => parseOptions(['--only', 'htpp'])).toThrow('http, control, process');
  expect(parseOptions(['--help'])).toBeNull();
});
