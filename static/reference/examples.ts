/** The same request in three languages. */
import type { ApiCall } from './document.ts';

const bodies: Record<string, object> = {
  createTask: { image: 'trip/1.jpg', steps: [{ operation: 'canny', params: { blur: 1.5 } }] },
  createUploads: { files: [{ name: 'trip/1.jpg', contentType: 'image/jpeg', bytes: 48213 }] },
  createJob: { name: 'trip', prefix: 'trip/', operation: 'watershed' },
  putPreset: { name: 'soft-edges', steps: [{ operation: 'canny', params: { blur: 3 } }] },
};

/** What a body can look like; undefined where there is none. */
export function bodyOf({ id, bodies: types }: ApiCall): object | undefined {
  return 'application/json' in types ? (bodies[id] ?? {}) : undefined;
}

const languages = ['curl', 'TypeScript', 'Python'] as const;
export type Language = (typeof languages)[number];
export { languages };

export function exampleIn(language: Language, call: ApiCall, base: string): string {
  const { method, path, parameters } = call;
  const body = bodyOf(call);
  const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => sampleOf(name));
  if (language === 'curl') {
    const json = body ? ` -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'` : '';
    return `curl -fsS${method === 'GET' ? '' : ` -X ${method}`}${json}${body ? ' \\\n  ' : ' '}'${base}${filled}'`;
  }
  if (language === 'TypeScript') {
    const params = inPath.map((name) => `${name}: '${sampleOf(name)}'`).join(', ');
    const init = [
      ...(params ? [`params: { path: { ${params} } }`] : []),
      ...(body ? [`body: ${JSON.stringify(body)}`] : []),
    ];
    const given = init.length > 0 ? `, { ${init.join(', ')} }` : '';
    return `const tessera = createTesseraClient({ baseUrl: '${base}' });\nconst { data } = await tessera.${method}('${path}'${given});`;
  }
  const given = [...inPath.map((name) => `"${sampleOf(name)}"`), ...(body ? [JSON.stringify(body)] : [])];
  const name = call.id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `tessera = Tessera("${base}")\nanswer = tessera.${name}(${given.join(', ')})`;
}

function sampleOf(parameter: string): string {
  return parameter === 'id' ? '0123456789abcdefghjkmnpqrs-0' : 'soft-edges';
}
